package line

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Usage is the exposure on a node: that of open reservations and that of consumed ones.
type Usage struct {
	Reserved, Consumed decimal.Decimal
}

// Used returns the sum. Open reservations count in full, because they may be consumed.
func (u Usage) Used() decimal.Decimal { return u.Reserved.Add(u.Consumed) }

// moved returns the usage after a reservation of the given exposure has moved from one state to another.
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

// Limit holds the limits of a node.
type Limit struct {
	Amount     decimal.Decimal     // largest pre-settlement exposure
	Settlement decimal.NullDecimal // largest receivables on one value date; no limit if not valid
	Clip       decimal.NullDecimal // largest notional of a single deal; no limit if not valid
	MaxTenor   fxdate.Tenor        // longest tenor, from spot on the pair's calendar; zero means no limit
}

// Line is a node's limit, together with the collateral that increases it. Only clients pledge collateral.
type Line struct {
	Node       Node
	Limit      Limit
	Collateral decimal.Decimal
	LastDate   fxdate.Date // value date of the limit's longest tenor, for the deal that is checked; zero means no limit
}

// Total returns the limit plus the collateral.
func (l Line) Total() decimal.Decimal { return l.Limit.Amount.Add(l.Collateral) }

// Headroom returns the part of the line that u does not use. It is negative if the line is exceeded.
func (l Line) Headroom(u Usage) decimal.Decimal { return l.Total().Sub(u.Used()) }

// Bucket identifies a settlement bucket: the sum of a node's receivables on one value date.
type Bucket struct {
	Node      Node
	ValueDate time.Time // midnight UTC
}

// Settlement is an amount that the bank will receive on one value date, in the limit currency.
type Settlement struct {
	ValueDate time.Time
	Amount    decimal.Decimal
}
