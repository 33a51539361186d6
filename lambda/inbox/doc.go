// Package inbox handles each event of a queue exactly once: load, decide, store in one Postgres transaction, together with
// the event's inbox row. The inbox row holds the events that were emitted, so it is the outbox row as well.
//
// A service writes a [Step] for each type of event: what the step reads, what it wants loaded, how it decides. The table of
// its steps makes the queue's bindings and the queue's handler, so the two cannot disagree.
//
// The runner gets a batch of events and makes two round trips. The first one begins the transaction, looks the events up in
// the inbox, and loads what the steps want. Then each event is decided in memory. The second one stores what has changed,
// inserts the inbox rows with the emitted events in them, and commits. Only then are the emitted events published, and only
// when the broker has confirmed them is the batch acknowledged. If a process dies in between, the broker delivers again, the
// runner finds the inbox rows and publishes the same events with the same ids.
//
// A batch that is an [Assumer] needs only the second round trip when everything in it is new.
//
// Steps that are [Steps.Idempotent] need no inbox row: what they store tells that an event was handled.
//
// One bad event never fails its neighbours. If the batch's transaction fails, the runner handles its events one by one.
//
// A transaction has 15 s. While Postgres is away, the runner waits. If the transaction has used up its time and Postgres commits
// another one meanwhile, the batch takes too long: its events come back later like those of [amqp.Retry].
package inbox
