package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// standings returns the usage of each line before and after a claim. A group bears only the part of its clients' exposure
// that their collateral does not cover.
func (b *Book) standings(c Claim) ([]Standing, error) {
	path := PathOf(nodesOf(c.Lines)...)
	list := make([]Standing, len(c.Lines))
	after := map[Node]decimal.Decimal{}
	for i, l := range c.Lines {
		before, err := b.Usage(l.Node)
		if err != nil {
			return nil, err
		}
		more, err := b.change(l.Node, path.Client, c.Terms, Usage{Reserved: c.Exposure.Amount})
		if err != nil {
			return nil, err
		}
		list[i] = Standing{Line: l, Before: before.Used(), After: before.plus(more).Used()}
		after[l.Node] = list[i].After
	}
	for i, l := range c.Lines {
		was, err := b.covered(l.Pledged, nil)
		if err != nil {
			return nil, err
		}
		will, err := b.covered(l.Pledged, after)
		if err != nil {
			return nil, err
		}
		list[i].Before, list[i].After = list[i].Before.Sub(was), list[i].After.Sub(will)
	}
	return list, nil
}

func nodesOf(lines []Line) []Node {
	nodes := make([]Node, len(lines))
	for i, l := range lines {
		nodes[i] = l.Node
	}
	return nodes
}

// covered returns the part of the clients' exposure that their own collateral covers. after holds the usage of a client that
// is about to change.
func (b *Book) covered(pledged []Pledge, after map[Node]decimal.Decimal) (decimal.Decimal, error) {
	sum := decimal.Zero
	for _, p := range pledged {
		n := Node{Client, p.Client}
		used, changes := after[n]
		if !changes {
			loaded, ok := b.used(n)
			if !ok {
				return sum, fmt.Errorf("usage of %s, whose collateral relieves its group: %w", n, ErrNotLoaded)
			}
			used = loaded
		}
		sum = sum.Add(decimal.Min(used, p.Value))
	}
	return sum, nil
}

// used returns a node's usage, whether the transaction has locked the node or only read it.
func (b *Book) used(n Node) (decimal.Decimal, bool) {
	if u, locked := b.usage[n]; locked {
		return u.Used(), true
	}
	used, read := b.read[n]
	return used, read
}

// change returns what a node's usage changes by if the exposure of terms changes by more.
func (b *Book) change(n Node, client string, t Terms, more Usage) (Usage, error) {
	if !t.Netted {
		return more, nil
	}
	set := setOf(n, client, t)
	before, ok := b.sets[set]
	if !ok {
		return Usage{}, fmt.Errorf("netting set of %s in %s at %s: %w", client, t.Pair, n, ErrNotLoaded)
	}
	return before.plus(t.BaseSide(), more).Usage().minus(before.Usage()), nil
}
