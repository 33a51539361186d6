// Package store keeps providers' sessions in Postgres, by group commit, whatever their protocol.
//
// Who sends hands over each outgoing message and goes on; one writer per session commits what has come together, the
// messages with the session's numbers and with the events that they answer, and then raises a watermark. Whoever owns
// the wire lets a message go only once the watermark covers it (durable before the wire), and whoever took an event
// from the broker acknowledges it only then. One commit for many messages instead of one each is worth a factor of ten.
//
// On the way in it is the mirror image: numbers are counted in memory, and what is stored is the number up to which
// every message is safe with the broker. After a crash the provider is asked for the rest.
package store
