package line

import "github.com/shopspring/decimal"

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
	a := Agreement{n, client, c.Terms.Pair}
	s, err := b.shift(a, use{}, c.use())
	return s.change, err == nil && c.Terms.Netted && b.closes(a, c), err
}

// closes reports whether each leg of a netted claim only closes a position; see [Netting.closes].
func (b *Book) closes(a Agreement, c Claim) bool {
	set := Set{a.Node, a.Client, a.Pair, c.Terms.ValueDate}
	legs, side := c.Exposure.Legs, c.Terms.BaseSide()
	if len(legs) != 2 {
		return b.sets[set].closes(side, c.Exposure)
	}
	near := set
	near.ValueDate = legs[0].ValueDate
	return b.sets[near].closes(side.opposite(), legs[0]) && b.sets[set].closes(side, legs[1])
}
