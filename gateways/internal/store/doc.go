// Package store keeps providers' sessions in Postgres, for every protocol, with group commits.
//
// Outgoing takes the messages to the provider. The sender hands over a message and does not wait. Each session has one writer.
// The writer commits all waiting messages at once, with the session's numbers and the events that the messages answer. Then
// it raises a watermark. The front sends a message only when the watermark covers it, so each message is durable before it
// is on the wire. The teller acknowledges an event to the broker only then. One commit for many messages is ten times faster
// than one commit for each.
//
// Incoming counts the messages from the provider, in memory. The number in Postgres is lower: the broker has every message up
// to it. After a crash the gateway asks the provider for the messages after that number.
// Some of them were refused, and the provider has its answer. So a refusal and a note of the message that it refuses are one commit,
// and Incoming knows the message when it comes again.
//
// Kept looks up what was sent: messages by number, answers by trade or line check, and which events the provider was told.
//
// Repeats keeps repeated requests until the final answer that they wait for.
//
// Outbox publishes the events that were stored with messages to the provider, see Notice.
package store
