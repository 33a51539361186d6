// Package clock is the bank's clock: real time plus an offset that the mainframe owns.
//
// The mainframe states the offset in the static set "clock". In production it is 0, and the bank's clock is the machine's. Where
// days are run ahead, to see forwards mature without waiting for months, the mainframe moves the offset forward, and everything
// that the bank decides by time follows within about two seconds. Only a program with CLOCK_MAY_RUN_AHEAD=true follows an
// offset. It waits with its start until Redis has the set. If Redis loses the set later, it keeps its offset and warns. Any other
// program refuses an offset, warns, and stays on real time.
//
// What goes by the bank's clock, because it is a decision of the bank or a statement about one:
//
//   - trade dates, value dates, cut-offs, and the day in the ids of trades and checks
//   - deadlines of requests, and how far a provider's transaction time may lie ahead
//   - when reservations expire, and when jobs are due
//   - how old static data and rates may be: the mainframe states the bank's time in their as_of
//   - the time of events, and times in messages and answers: registered_at, TransactTime(60)
//   - around which day the daily tables have partitions
//
// What stays on real time, because a jump must not touch it:
//
//   - leases, the grace of an absent provider, the hours and the daily reset of sessions, SendingTime(52), heartbeats, throttles
//   - timeouts of networks and servers, retries, how long datasync waits for an answer, reports of gateway instances
//   - retention of messages, inboxes and ended runs of jobs, which goes by the database server's clock
//   - columns that the database fills with now(), such as created_at: they say when a row was written
//   - logs, and how long something took
//
// A jump expires what is open at that moment: requests whose deadline it passes, and reservations. That is right: on the next day
// nobody waits for them.
package clock
