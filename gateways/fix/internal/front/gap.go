package front

import "fmt"

// Bounds of an open gap in a provider's numbers. The engine keeps every message after the gap in memory until the missing
// ones have come, without a bound of its own.
const (
	gapStill = 10_000  // messages while no missing one comes
	gapBytes = 8 << 20 // bytes while no missing message comes
	gapAll   = 100_000 // messages until the gap is closed
)

// gap checks the numbers of the messages that are passed on.
type gap struct {
	next  int // number that comes next in order; 0 before the logon
	open  bool
	due   int // number that the engine expected at the last check
	still int // messages after the gap since due has changed
	bytes int
	all   int // messages after the gap since it opened
}

// passes notes a message. It returns why the message exceeds a bound, or an empty text if the message may be passed on. due
// asks the engine for the number that it expects; passes does not call it while the numbers
// are in order.
func (g *gap) passes(seq, size int, due func() int) string {
	inOrder := seq == g.next
	g.next = seq + 1
	if !g.open && inOrder {
		return ""
	}
	now := due()
	if !g.open || now != g.due {
		g.due, g.still, g.bytes = now, 0, 0
	}
	if g.open = seq > now; !g.open {
		g.all = 0
		return ""
	}
	g.still, g.bytes, g.all = g.still+1, g.bytes+size, g.all+1
	if g.still > gapStill || g.bytes > gapBytes || g.all > gapAll {
		return fmt.Sprintf("too many messages (%d, %d bytes) while MsgSeqNum(34) %d is missing: log on again and send it first", g.still, g.bytes, now)
	}
	return ""
}
