// Package amqp is a session with RabbitMQ that outlives the broker: it redials for ever, declares its topology on each
// connection, publishes with confirms in a bounded window, and consumes in batches.
//
// What it promises:
//   - Publish returns nil only once the broker has confirmed every event. After a lost confirm an event is published again
//     on the next connection, so it may come twice: consumers recognise it by its id.
//   - A delivery is acknowledged only after everything that its events led to is confirmed.
//   - A message that has come back twice is handled alone, so that nobody dies a third time of a batch that takes too much memory.
//   - A reader of a stream gets every message from its offset on at least once. See Bus.Follow for the limits.
//   - On any close the whole connection is thrown away. A delivery of an old connection cannot be acknowledged on a new
//     one, where its tag would name another message; the broker redelivers it instead.
//   - No call outlives its context, even when the broker takes no messages or does not answer.
//
// The library's own recovery stays off, because it acknowledges deliveries of old connections on new ones.
package amqp
