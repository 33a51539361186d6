package schedule

import "slices"

// Kind is what goes wrong.
type Kind string

// What befalls a process. It is started again by the core's own supervisor.
const (
	Kill    Kind = "kill"    // SIGKILL
	Restart Kind = "restart" // the signal that ends it cleanly
	Freeze  Kind = "freeze"  // SIGSTOP, and SIGCONT when it is over
)

// What befalls a link.
const (
	Cut      Kind = "cut"       // its connections are reset; new ones may be made at once
	Refuse   Kind = "refuse"    // its connections are reset, and so are new ones
	Hold     Kind = "hold"      // nothing passes, and nothing is lost: it passes when it is over
	HoldOut  Kind = "hold-out"  // the same towards the server alone
	HoldIn   Kind = "hold-in"   // the same towards the program alone
	Hang     Kind = "hang"      // what is said is swallowed on both ways, and the connection reset when it is over
	Deafen   Kind = "deafen"    // the program does not hear the server
	Silence  Kind = "silence"   // the server does not hear the program
	Slow     Kind = "slow"      // 20 to 50 ms each way
	VerySlow Kind = "very-slow" // 200 to 500 ms each way
	Narrow   Kind = "narrow"    // 20 kB a second each way
)

// What on-call does to gateways in good order. That it meets other faults is what may go wrong.
const (
	Move  Kind = "move"  // the session of a provider, named by its line, goes to the other instance
	Drain Kind = "drain" // an instance gives away its sessions, and gets none until the run is over
)

// Ends tells whether it ends a process.
func (k Kind) Ends() bool { return k == Kill || k == Restart }

// OfLink tells whether it befalls a link.
func (k Kind) OfLink() bool { return slices.Contains(linkKinds(), k) }

// Lasts tells whether it goes on for a while.
func (k Kind) Lasts() bool { return k == Freeze || k != Cut && k.OfLink() }

// linkKinds are those of a link.
func linkKinds() []Kind {
	return []Kind{Cut, Refuse, Hold, HoldOut, HoldIn, Hang, Deafen, Silence, Slow, VerySlow, Narrow}
}
