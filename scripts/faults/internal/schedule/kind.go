package schedule

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

// Lasts tells whether it goes on for a while.
func (k Kind) Lasts() bool { return k != Kill && k != Restart && k != Cut }

// OfLink tells whether it befalls a link.
func (k Kind) OfLink() bool { return k != Kill && k != Restart && k != Freeze }

// linkKinds are those of a link.
func linkKinds() []Kind {
	return []Kind{Cut, Refuse, Hold, HoldOut, HoldIn, Hang, Deafen, Silence, Slow, VerySlow, Narrow}
}
