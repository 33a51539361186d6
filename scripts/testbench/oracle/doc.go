// Package oracle judges a run of the core from the outside: by what the providers sent and were answered, and by what
// the stores hold afterwards. It knows none of the core's code, only its promises: each request is finally answered once
// and truthfully, an accepted one is registered once, draws its line once, is booked once, and somebody answers for it.
//
// [Judge] is pure: evidence in, violations out. Evidence is collected by the packages below: record reads what providers
// wrote down, stores reads the databases, the mainframe's book and the broker's queues.
//
// A new kind of message or a new service joins by a field of [Evidence] and a [Rule].
package oracle
