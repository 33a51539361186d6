package line

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Set identifies a netting set at one node: the deals of a client with a netting agreement that exchange the same pair on the
// same date. Their exposures offset each other where the client buys the base in one and sells it in another. Deals without an
// agreement belong to no set: their exposures add up.
type Set struct {
	Node      Node
	Client    string
	Pair      string
	ValueDate fxdate.Date
}

// Netting is the exposure of a netting set by direction.
type Netting struct {
	Bought, Sold Usage // deals in which the client buys the base, and in which it sells it
}

// Usage returns what the set uses of its node's line. The exposures of trades that are done offset each other. An open reservation
// offsets nothing, because it may never be dealt, and neither does what a line check has consumed: the worst outcome counts. So a set never uses more than its deals would without the
// agreement, and the order of its deals does not matter.
func (n Netting) Usage() Usage {
	consumed := n.Bought.Consumed.Sub(n.Sold.Consumed).Abs()
	worst := decimal.Max(n.Bought.Used().Sub(n.Sold.Consumed), n.Sold.Used().Sub(n.Bought.Consumed))
	return Usage{Reserved: worst.Sub(consumed), Consumed: consumed}
}

// plus returns the set with more usage, or with less if it is negative, in one direction.
func (n Netting) plus(side Side, u Usage) Netting {
	if side == Sell {
		n.Sold = n.Sold.plus(u)
	} else {
		n.Bought = n.Bought.plus(u)
	}
	return n
}

// setOf returns the netting set of terms at a node.
func setOf(n Node, client string, t Terms) Set {
	return Set{Node: n, Client: client, Pair: t.Pair, ValueDate: t.ValueDate}
}

// Sets returns the netting sets that a deal of the terms belongs to, one for each node of its path. It has none without an
// agreement.
func (t Terms) Sets(p Path) []Set {
	if !t.Netted {
		return nil
	}
	var sets []Set
	for _, n := range p.Nodes() {
		sets = append(sets, setOf(n, p.Client, t))
	}
	return sets
}
