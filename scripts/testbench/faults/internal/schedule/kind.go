package schedule

import "slices"

// Kind is a kind of fault.
type Kind string

// Faults of a process. The core's own supervisor restarts a process that has ended.
const (
	Kill    Kind = "kill"    // SIGKILL
	Restart Kind = "restart" // the signal that ends the process cleanly
	Freeze  Kind = "freeze"  // SIGSTOP, and SIGCONT at the end of the fault
	Away    Kind = "away"    // SIGKILL as soon as it runs, until the end of the fault
)

// Faults of a link.
const (
	Cut      Kind = "cut"       // resets all connections; the program may connect again at once
	Refuse   Kind = "refuse"    // resets all connections and all new ones
	Hold     Kind = "hold"      // nothing passes until the end of the fault, and nothing is lost
	HoldOut  Kind = "hold-out"  // the same, only towards the server
	HoldIn   Kind = "hold-in"   // the same, only towards the program
	Hang     Kind = "hang"      // all bytes are lost in both directions; connections are reset at the end of the fault
	Deafen   Kind = "deafen"    // all bytes towards the program are lost
	Silence  Kind = "silence"   // all bytes towards the server are lost
	Slow     Kind = "slow"      // 20 to 50 ms in each direction
	VerySlow Kind = "very-slow" // 200 to 500 ms in each direction
	Narrow   Kind = "narrow"    // 20 kB a second in each direction
)

// On-call's commands for gateways. They do no harm alone, but they may meet other faults.
const (
	Move  Kind = "move"  // moves the session of a provider, which its link names, to the other instance
	Drain Kind = "drain" // an instance gives up its sessions, and gets none until the run is over
)

// What the mainframe's simulator does on command. Day is no fault: it brings trades to their end, and meets other faults.
const (
	Day    Kind = "day"     // the bank's clock goes to the evening, or to the next morning
	Die    Kind = "die"     // the mainframe moves money and dies before it answers
	HangUp Kind = "hang-up" // it moves money and closes the connection before it answers
	Block  Kind = "block"   // it refuses to move euros
	Poor   Kind = "poor"    // it refuses some clients' payments, because their accounts are empty
)

// Starve takes processor time from the whole machine: busy loops compute beside the core, until the end of the fault.
const Starve Kind = "starve"

// OfMainframe reports whether the fault is a command to the mainframe's simulator that lasts.
func (k Kind) OfMainframe() bool { return slices.Contains([]Kind{Die, HangUp, Block, Poor}, k) }

// Ends reports whether the fault ends a process.
func (k Kind) Ends() bool { return k == Kill || k == Restart || k == Away }

// OfLink reports whether the fault hits a link.
func (k Kind) OfLink() bool { return slices.Contains(linkKinds(), k) }

// Lasts reports whether the fault lasts for a time.
func (k Kind) Lasts() bool {
	return k == Freeze || k == Away || k == Starve || k.OfMainframe() || k != Cut && k.OfLink()
}

// linkKinds returns the kinds of faults of a link.
func linkKinds() []Kind {
	return []Kind{Cut, Refuse, Hold, HoldOut, HoldIn, Hang, Deafen, Silence, Slow, VerySlow, Narrow}
}
