package line

import (
	"time"

	"github.com/shopspring/decimal"
)

// Usage is what a node carries: exposures promised and exposures of registered trades.
type Usage struct {
	Reserved, Consumed decimal.Decimal
}

// Used counts reservations in full: a promise that may be taken up is a use of the line.
func (u Usage) Used() decimal.Decimal { return u.Reserved.Add(u.Consumed) }

// moved returns the usage after a reservation of the given exposure has gone from one state to another.
func (u Usage) moved(exposure decimal.Decimal, from, to State) Usage {
	return u.plus(exposure.Neg(), from).plus(exposure, to)
}

func (u Usage) plus(exposure decimal.Decimal, s State) Usage {
	if s == Reserved {
		u.Reserved = u.Reserved.Add(exposure)
	}
	if s == Consumed {
		u.Consumed = u.Consumed.Add(exposure)
	}
	return u
}

// Limit is what a node may carry.
type Limit struct {
	Amount       decimal.Decimal     // pre-settlement exposure
	Settlement   decimal.NullDecimal // receivables on one value date; none if not valid
	Clip         decimal.NullDecimal // notional of a single deal; none if not valid
	MaxTenorDays int                 // from trade date to the last value date, calendar days; 0 is none
}

// Line is a node's limit together with the collateral that widens it. Only clients pledge collateral.
type Line struct {
	Node       Node
	Limit      Limit
	Collateral decimal.Decimal
}

// Total is the exposure that the line bears.
func (l Line) Total() decimal.Decimal { return l.Limit.Amount.Add(l.Collateral) }

// Headroom is what the line bears beyond u; negative when it is over.
func (l Line) Headroom(u Usage) decimal.Decimal { return l.Total().Sub(u.Used()) }

// Bucket is where settlement exposure gathers: what a node's counterparties have to deliver on one day.
type Bucket struct {
	Node      Node
	ValueDate time.Time // midnight UTC
}

// Settlement is what the bank is to receive on one value date, in the limit currency.
type Settlement struct {
	ValueDate time.Time
	Amount    decimal.Decimal
}
