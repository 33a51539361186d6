package amqp

import (
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// closeBudget bounds the wait for the broker's answer when a connection is closed.
const closeBudget = time.Second

// discard ends a connection: it waits for the broker's answer, but no longer than closeBudget. All calls that wait on the
// connection then return.
func discard(conn *amqp091.Connection) { _ = conn.CloseDeadline(time.Now().Add(closeBudget)) }
