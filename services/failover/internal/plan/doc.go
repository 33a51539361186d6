// Package plan decides which instance of a gateway should hold which provider's session, and what is to be moved for that.
// It is told what instances report and what on-call commands, and is handed the time; it does nothing itself.
//
// A provider has a home: an instance, chosen once so that homes spread evenly over the instances, and kept until somebody
// commands another. A session that is elsewhere, because its home was away, falls back once its home has been ready for
// a while. An instance that drains gives away what it holds and gets nothing.
//
// A takeover is none of its business: instances take each other's sessions by their leases alone.
package plan

import "time"

// Rules are the times and bounds of a plan.
type Rules struct {
	Alive    time.Duration // an instance whose last report is older is taken for dead
	Steady   time.Duration // an instance that has been ready for so long gets its sessions back
	AtOnce   int           // moves of one gateway that may be under way
	Bound    time.Duration // a move that has not happened by then has failed
	Attempts int           // of one move, while its target is not started anew
	Pause    time.Duration // before the second attempt; twice that before the third, and so on
}

// Key names a provider's session.
type Key struct{ Gateway, Provider string }

// Session is one session as an instance reports it. An instance reports all that it could serve.
type Session struct {
	Provider string
	Held     bool
	Epoch    int64 // of its lease, while held
	LoggedOn bool
	Since    time.Time // of LoggedOn
}

// Home is where a provider belongs.
type Home struct {
	Instance  string    // empty until one is chosen
	Epoch     int64     // the highest that its session was ever said to have: who reports a lower one does not know it yet
	Stay      string    // a command moved it here: it does not fall back from here, until this is away, starts anew or drains
	Return    bool      // a command asks for its fall-back, also where that is not automatic
	Commanded time.Time // failures before a command do not count
	Calm      Calm
}
