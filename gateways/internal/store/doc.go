// Package store keeps providers' sessions in Postgres, by group commit, whatever their protocol.
//
// The way out (Outgoing): the sender hands over each message and goes on. One writer per session commits what has come
// together, the messages with the session's numbers and with the events that they answer, and then raises a watermark.
// The front lets a message go once the watermark covers it (durable before the wire), and the teller acknowledges an event
// to the broker only then. One commit for many messages instead of one each is worth a factor of ten.
//
// The way in (Incoming) is the mirror image: numbers are counted in memory, and the number that is stored is the one up to
// which the broker has every message. After a crash the provider is asked for the rest.
//
// Kept looks up what was sent: messages by number, answers by trade or line check, and which events were told.
package store
