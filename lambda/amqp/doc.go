// Package amqp is a session with RabbitMQ that outlives the broker: it redials for ever, declares its topology on each
// connection, publishes with confirms in a bounded window, and consumes in batches.
//
// What it promises:
//   - Publish returns nil only once the broker has confirmed every event. An event may be published twice (a confirm that
//     was lost is asked for again on the next connection): consumers recognise it by its id.
//   - A delivery is acknowledged only after everything that its events led to is confirmed.
//   - On any close the whole connection is thrown away. A delivery of an old connection can not be acknowledged on a new
//     one, where its tag would name another message; the broker redelivers it instead.
//
// The library's own recovery stays off for that last reason.
package amqp
