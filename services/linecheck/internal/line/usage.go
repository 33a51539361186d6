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

func (u Usage) plus(v Usage) Usage {
	return Usage{Reserved: u.Reserved.Add(v.Reserved), Consumed: u.Consumed.Add(v.Consumed)}
}

func (u Usage) minus(v Usage) Usage {
	return Usage{Reserved: u.Reserved.Sub(v.Reserved), Consumed: u.Consumed.Sub(v.Consumed)}
}

// Limit holds the limits of a node.
type Limit struct {
	Amount     decimal.Decimal     // largest pre-settlement exposure
	Settlement decimal.NullDecimal // largest receivables on one value date; no limit if not valid
	Clip       decimal.NullDecimal // largest notional of a single deal; no limit if not valid
	MaxTenor   fxdate.Tenor        // longest tenor, from spot on the pair's calendar; zero means no limit
}

// At returns a limit of another currency in the limit currency at a rate, rounded down to the minor unit.
func (l Limit) At(rate decimal.Decimal) Limit {
	l.Amount = l.Amount.Mul(rate).RoundFloor(minorUnits)
	for _, bound := range []*decimal.NullDecimal{&l.Settlement, &l.Clip} {
		if bound.Valid {
			bound.Decimal = bound.Decimal.Mul(rate).RoundFloor(minorUnits)
		}
	}
	return l
}

// Line is a node's limit, together with the collateral that increases it. Only clients pledge collateral.
type Line struct {
	Node       Node
	Limit      Limit
	Stated     Stated          // the limit as the bank has set it
	Collateral decimal.Decimal // of a client
	Pledged    []Pledge        // of a group: its clients that have collateral
	LastDate   fxdate.Date     // value date of the limit's longest tenor, for the deal that is checked; zero means no limit
}

// Stated is a limit in its own currency. It is empty if that is the limit currency.
type Stated struct {
	Amount   decimal.Decimal
	Currency string
}

// Pledge is the value of a client's collateral. It covers the client's exposure up to that value, so that the client's group
// bears only the rest.
type Pledge struct {
	Client string
	Value  decimal.Decimal
}

// Total returns the limit plus the collateral.
func (l Line) Total() decimal.Decimal { return l.Limit.Amount.Add(l.Collateral) }

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
