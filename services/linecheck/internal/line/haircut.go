package line

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Haircuts maps a class of holdings to the fraction that is subtracted from the market value. For bonds it is the
// haircut of the ratings AA- and better. It is static data. The standard haircuts at a ten-day holding period (CBB
// CA-4.3.7, 12 CFR 1240.39) are
//
//	cash 0
//	sovereign_1y, _5y, _long (residual life up to 1, 5, more years): 0.5 %, 2 %, 4 %
//	other_1y, _5y, _long (banks and corporates): 1 %, 4 %, 8 %
//	index_equity 15 %   equity 25 %   currency_mismatch +8 %
type Haircuts map[string]decimal.Decimal

// The classes of haircuts, except those of bonds.
const (
	classCash        = "cash"
	classIndexEquity = "index_equity"
	classEquity      = "equity"
	classMismatch    = "currency_mismatch"
)

// The haircuts of bonds rated below AA-, as in the standard table.
var (
	lowSovereign = decimal.RequireFromString("0.15") // haircut of BB+ to BB-, sovereigns only
	shortFactor  = decimal.NewFromInt(2)             // factor for A+ to BBB-, up to a year: 0.5 → 1 %, 1 → 2 %
	longFactor   = decimal.RequireFromString("1.5")  // factor for A+ to BBB-, longer: 2 → 3, 4 → 6, 8 → 12 %
)

// Of returns the total haircut of a holding at the time now. It returns false if the holding is no collateral: its
// class is unknown, its price is too old, or its rating is too low or missing.
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

// aged adds the haircut for an old price. It returns false if the price is too old.
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

// bond returns the haircut of a bond. For ratings below AA- it scales the haircut of the class as the standard table
// does.
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
