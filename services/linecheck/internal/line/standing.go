package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// standings returns the usage of each line before and after a claim. A group bears only the part of its members' exposure
// that their collateral does not cover.
func (b *Book) standings(c Claim) ([]Standing, error) {
	client := PathOf(nodesOf(c.Lines)...).Client
	list := make([]Standing, len(c.Lines))
	for i, l := range c.Lines {
		before, err := b.Usage(l.Node)
		if err != nil {
			return nil, err
		}
		more, closes, err := b.claim(l.Node, client, c)
		if err != nil {
			return nil, err
		}
		was, err := b.covered(l, client, decimal.Zero)
		if err != nil {
			return nil, err
		}
		will, err := b.covered(l, client, more.Used())
		if err != nil {
			return nil, err
		}
		list[i] = Standing{Line: l, Closes: closes, Before: before.Used().Sub(was), After: before.plus(more).Used().Sub(will)}
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

// claim returns what a node's usage changes by if a claim is reserved, and whether the claim only closes a position.
func (b *Book) claim(n Node, client string, c Claim) (more Usage, closes bool, err error) {
	deal := Deals{Open: Sum{c.Exposure.Amount, c.Exposure.Exchange}}
	if more, err = b.change(n, client, c.Terms, deal); err != nil || !c.Terms.Netted {
		return more, false, err
	}
	return more, b.sets[setOf(n, client, c.Terms)].closes(c.Terms.BaseSide(), c.Exposure), nil
}

// change returns what a node's usage changes by if the deals of terms change by more.
func (b *Book) change(n Node, client string, t Terms, more Deals) (Usage, error) {
	if !t.Netted {
		return more.gross(), nil
	}
	set := setOf(n, client, t)
	before, ok := b.sets[set]
	if !ok {
		return Usage{}, fmt.Errorf("netting set of %s in %s at %s: %w", client, t.Pair, n, ErrNotLoaded)
	}
	return before.plus(t.BaseSide(), more).Usage().minus(before.Usage()), nil
}
