package amqp

import (
	"errors"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Headers of messages in the retry and error queues.
const (
	headerAttempt = "fx-attempt"
	headerWaited  = "fx-waited"
	headerReason  = "fx-reason"
	headerQueue   = "fx-queue"
	headerKey     = "fx-routing-key"
	headerSource  = "fx-source"
	headerFailed  = "fx-failed-at"

	headerPublisher = "fx-publisher" // who published it first; of a message that another has put aside
	headerProof     = "fx-proof"     // says that it was authentic: see proofs
	headerKeyID     = "fx-key"       // of the signature
	headerSignature = "fx-signature"
)

// Retry marks an error as temporary: the event comes back after a delay, a bounded number of times.
func Retry(err error) error { return &retryError{err} }

// Wait marks an error as temporary, too, for an event that must not be given up: what it waits for comes without anybody who handles
// the event. The event comes back again and again, and uses up no try: after the delay of a retry, or after pauses that grow where the
// queue says that many may wait (Queue.Waits).
func Wait(err error) error { return &waitError{Retry(err)} }

type waitError struct{ error }

func (e *waitError) Unwrap() error { return e.error }

// Waits reports whether an error was marked by Wait.
func Waits(err error) bool {
	var waits *waitError
	return errors.As(err, &waits)
}

// Retried reports whether an error was marked by Retry or Wait.
func Retried(err error) bool {
	var again *retryError
	return errors.As(err, &again)
}

type retryError struct{ err error }

func (e *retryError) Error() string { return e.err.Error() }
func (e *retryError) Unwrap() error { return e.err }

// Release says that this consumer must not handle the event, because somebody else does now. The consumer ends, and the broker
// gives the whole batch back to the queue, at its old place, for the next consumer. That uses up none of the tries after which
// an event goes to the error queue. The broker counts it as a delivery, like the loss of a connection.
func Release(err error) error { return &releaseError{err} }

type releaseError struct{ err error }

func (e *releaseError) Error() string { return e.err.Error() }
func (e *releaseError) Unwrap() error { return e.err }

// Released reports whether an error was marked by Release.
func Released(err error) bool {
	var given *releaseError
	return errors.As(err, &given)
}

// released returns the error of an event of a batch that the handler has released; nil if there is none.
func released(queue string, results []Result) error {
	for _, r := range results {
		if Released(r.Err) {
			return fmt.Errorf("handle %s: %w", queue, r.Err)
		}
	}
	return nil
}

// attemptOf returns the number of tries before this delivery.
func attemptOf(d amqp091.Delivery) int { return countIn(d, headerAttempt) }

// deliveriesOf returns how many deliveries of a message have ended without an answer.
func deliveriesOf(d amqp091.Delivery) int {
	n, _ := d.Headers["x-delivery-count"].(int64)
	return int(n)
}

func unanswered(deliveries int) error {
	return fmt.Errorf("%d deliveries ended without an answer: who handles it dies, or loses the broker", deliveries)
}

// waitedOf returns how often the event has waited before this delivery.
func waitedOf(d amqp091.Delivery) int { return countIn(d, headerWaited) }

func countIn(d amqp091.Delivery, header string) int {
	if n, ok := d.Headers[header].(int32); ok {
		return int(n)
	}
	return 0
}
