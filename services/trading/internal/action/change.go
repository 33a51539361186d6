package action

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

// Subject is a version of a trade on which somebody acts.
type Subject struct {
	trade.Trade
	Circumstances
}

// State returns the state of the version.
func (s Subject) State() State { return StateOf(s.Life, s.Circumstances) }

// Change is what an action does, all of it or nothing.
type Change struct {
	Ends   []End
	Begins []Begin
	Cash   []Cash
}

// End is a version that ends.
type End struct {
	Ref trade.Ref
	As  trade.Status // Superseded or Deleted
}

// Begin is a version that begins.
type Begin struct {
	Ref     trade.Ref
	Terms   trade.Terms
	Parents []trade.Ref // the versions that it comes from, all of which end
}

// Cash is an amount that an action makes due besides the trades: a gain or loss that is closed, a cost of drawing early.
type Cash struct {
	Currency  string
	Amount    decimal.Decimal // the client receives it; negative: the client pays it
	ValueDate fxdate.Date
}

// Minor are the decimals of a pair's currencies: 2 for the euro, 0 for the yen.
type Minor struct{ Base, Quote int32 }

// first is the version with which a trade begins.
const first = 1

// ends lists versions that end in the same way.
func ends(as trade.Status, refs ...trade.Ref) []End {
	all := make([]End, len(refs))
	for i, ref := range refs {
		all[i] = End{ref, as}
	}
	return all
}

// copied returns terms whose slices are their own.
func copied(t trade.Terms) trade.Terms {
	t.Legs = append([]trade.Leg(nil), t.Legs...)
	t.Flags = append([]trade.Flag(nil), t.Flags...)
	return t
}

// left returns the terms of what is not settled: of a swap whose near leg is settled, a forward.
func left(s Subject) trade.Terms {
	t := copied(s.Terms)
	if s.Life.Settled != 0 && t.Product == trade.Swap {
		t.Product, t.Legs = trade.Forward, t.Legs[1:]
	}
	return t
}
