package syntax

import (
	"slices"

	"fxcore/gateways/fix/internal/wire"
)

// entry is the entry of a repeating group that is being read.
type entry struct {
	group group
	last  int   // place of the last member; -1 before the first entry
	seen  []int // members of this entry
}

// take takes the next field of the message up. Fault: a member of the group out of order, or twice in one entry. quickfix finds
// those too, and blames the count of the group, or calls the member unknown.
func (e *entry) take(groups map[int]group, tag int) *wire.Fault {
	if members, counts := groups[tag]; counts {
		*e = entry{group: members, last: -1, seen: e.seen[:0]}
		return nil
	}
	if !slices.Contains(e.group, tag) {
		e.group = nil
		return nil
	}
	if tag == e.group[0] {
		e.last, e.seen = 0, append(e.seen[:0], tag)
		return nil
	}
	if slices.Contains(e.seen, tag) {
		return &wire.Fault{Reason: wire.ReasonRepeated, Tag: tag, Text: "Tag appears more than once"}
	}
	next := -1
	if e.last >= 0 {
		next = slices.Index(e.group[e.last+1:], tag)
	}
	if next < 0 {
		return &wire.Fault{Reason: wire.ReasonGroupOrder, Tag: tag, Text: "Repeating group fields out of order"}
	}
	e.last, e.seen = e.last+1+next, append(e.seen, tag)
	return nil
}
