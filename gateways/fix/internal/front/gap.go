package front

import "fmt"

// Bounds of what the engine keeps of a provider that leaves a gap open: it keeps each message that is too high until what
// is missing has come, and would do so without end.
const (
	gapStill = 10_000  // messages, and
	gapBytes = 8 << 20 // bytes, while nothing that is missing comes
	gapAll   = 100_000 // messages, until the gap is closed
)

// gap watches over the numbers of what is passed on.
type gap struct {
	next  int // in order; 0 before the logon
	open  bool
	due   int // when it was looked at last
	still int // messages that were too high since due has moved
	bytes int
	all   int // messages that were too high since the gap is open
}

// passes notes a message that is passed on, and tells why it is one too many; empty if it is not. due asks the engine, which
// may be some messages behind; it is not asked while numbers come in order.
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
