// Package inbox runs a message handler so that each event has its effect once: load, decide, store in one Postgres
// transaction, with the event's inbox row, which is the outbox row as well.
//
// A handler gets a batch. The runner makes two round trips for it: one begins the transaction, looks the events up in
// the inbox and runs the handler's load; then the handler decides event by event in memory; one more runs the handler's
// store, inserts the inbox rows with the emitted events in them, and commits. Only then are the emitted events
// published, and only when they are confirmed is the batch acknowledged. Whatever dies in between, the broker
// redelivers, the runner finds the inbox rows and publishes the same events again, with the same ids.
//
// An [Assumer] does without the first of the two where everything in a batch is new.
//
// One bad event never fails its neighbours: if the batch's transaction fails, the runner redoes it event by event.
package inbox
