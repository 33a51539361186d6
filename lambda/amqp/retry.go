package amqp

import (
	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Headers of messages in the retry and error queues.
const (
	headerAttempt = "fx-attempt"
	headerReason  = "fx-reason"
	headerQueue   = "fx-queue"
	headerKey     = "fx-routing-key"
	headerSource  = "fx-source"
	headerFailed  = "fx-failed-at"
)

// Retry marks an error as temporary: the event comes back after a delay, a bounded number of times.
func Retry(err error) error { return &retryError{err} }

type retryError struct{ err error }

func (e *retryError) Error() string { return e.err.Error() }
func (e *retryError) Unwrap() error { return e.err }

// attemptOf returns the number of tries before this delivery.
func attemptOf(d amqp091.Delivery) int {
	if n, ok := d.Headers[headerAttempt].(int32); ok {
		return int(n)
	}
	return 0
}
