package line

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Haircuts is the fraction taken off a holding's market value, by class, for paper rated AA- and better where a rating
// matters. Delivered as static data; the standard ones at a ten-day holding period (CBB CA-4.3.7, 12 CFR 1240.39) are
//
//	cash 0
//	sovereign_1y, _5y, _long (residual life up to 1, 5, more years): 0.5 %, 2 %, 4 %
//	other_1y, _5y, _long (banks and corporates): 1 %, 4 %, 8 %
//	index_equity 15 %   equity 25 %   currency_mismatch +8 %
type Haircuts map[string]decimal.Decimal

// Classes of haircuts that do not depend on a bond.
const (
	classCash        = "cash"
	classIndexEquity = "index_equity"
	classEquity      = "equity"
	classMismatch    = "currency_mismatch"
)

// Bond ratings, in the standard table's steps.
var (
	lowSovereign = decimal.RequireFromString("0.15") // BB+ to BB-, sovereigns only
	shortFactor  = decimal.NewFromInt(2)             // A+ to BBB-, up to a year: 0.5 → 1 %, 1 → 2 %
	longFactor   = decimal.RequireFromString("1.5")  // A+ to BBB-, beyond: 2 → 3, 4 → 6, 8 → 12 %
)

// Of returns a holding's whole haircut; false if it is no collateral at all: unknown class, price too old, rating too
// low or absent.
func (h Haircuts) Of(holding Holding, now time.Time) (decimal.Decimal, bool) {
	haircut, ok := h.class(holding)
	if !ok {
		return decimal.Zero, false
	}
	if holding.Currency != Currency {
		mismatch, known := h[classMismatch]
		if !known {
			return decimal.Zero, false
		}
		haircut = haircut.Add(mismatch)
	}
	if holding.Kind == Cash {
		return haircut, true
	}
	return h.aged(haircut, now.Sub(holding.PricedAt))
}

// aged adds what an old price costs.
func (h Haircuts) aged(haircut decimal.Decimal, age time.Duration) (decimal.Decimal, bool) {
	switch {
	case age > worthlessAfter:
		return decimal.Zero, false
	case age > staleAfter:
		extra, ok := h[classEquity]
		return haircut.Add(extra), ok
	}
	return haircut, true
}

func (h Haircuts) class(holding Holding) (decimal.Decimal, bool) {
	switch holding.Kind {
	case Cash:
		return h.find(classCash)
	case Bond:
		return h.bond(holding)
	case Stock:
		if holding.MainIndex {
			return h.find(classIndexEquity)
		}
		return h.find(classEquity)
	}
	return decimal.Zero, false
}

func (h Haircuts) find(class string) (decimal.Decimal, bool) {
	haircut, ok := h[class]
	return haircut, ok
}

// bond takes the class's haircut for AA- and better and scales it for lower grades as the standard table does.
func (h Haircuts) bond(holding Holding) (decimal.Decimal, bool) {
	issuer, life := "other", "long"
	if holding.Issuer == "sovereign" {
		issuer = "sovereign"
	}
	switch {
	case holding.ResidualYears.LessThanOrEqual(one):
		life = "1y"
	case holding.ResidualYears.LessThanOrEqual(decimal.NewFromInt(5)):
		life = "5y"
	}
	haircut, ok := h.find(issuer + "_" + life)
	switch strings.TrimRight(holding.Rating, "+-") {
	case "AAA", "AA":
		return haircut, ok
	case "A", "BBB":
		if life == "1y" {
			return haircut.Mul(shortFactor), ok
		}
		return haircut.Mul(longFactor), ok
	case "BB":
		return lowSovereign, issuer == "sovereign"
	}
	return decimal.Zero, false
}
