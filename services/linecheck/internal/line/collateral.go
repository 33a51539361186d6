package line

import (
	"time"

	"github.com/shopspring/decimal"
)

// HoldingKind is the kind of a pledged asset.
type HoldingKind string

// The kinds that are taken as collateral.
const (
	Cash  HoldingKind = "cash"
	Bond  HoldingKind = "bond"
	Stock HoldingKind = "stock"
)

// Holding is one pledged asset. Its market value is Quantity · Price in its currency; cash has no price.
type Holding struct {
	Kind          HoldingKind
	ID            string // of the security
	Currency      string
	Quantity      decimal.Decimal
	Price         decimal.Decimal // per unit of quantity
	Issuer        string          // of a bond: sovereign, bank or corporate; or the issuer's client or group id
	Rating        string          // of a bond: AAA to D, with + or -
	ResidualYears decimal.Decimal // of a bond
	PricedAt      time.Time
	MainIndex     bool // the stock belongs to a main index
}

// Owner is whose collateral is valued: securities that it or its group has issued are worth nothing when it fails.
type Owner struct{ Client, Group string }

// Ages of a price. The haircuts assume that a holding is sold within ten days; a price that is older than that says
// nothing about the proceeds. One that has outlived a long weekend is taken with the haircut of a listed stock on top.
const (
	staleAfter     = 4 * 24 * time.Hour
	worthlessAfter = 10 * 24 * time.Hour
)

// CollateralValue is what the holdings are worth in the limit currency after haircuts:
//
//	Σ quantity · price · rate · (1 − Hc − Hfx)
//
// (Basel's comprehensive approach; CBB CA-4.3.7, 12 CFR 1240.39), each rounded down to the minor unit. Whatever can not
// be valued (no rate, no haircut for its class) counts as nothing. An overdrawn cash account counts in full against the
// rest, and the sum is never negative.
func CollateralValue(o Owner, holdings []Holding, h Haircuts, m Market, now time.Time) decimal.Decimal {
	total := decimal.Zero
	for _, holding := range holdings {
		total = total.Add(holding.value(o, h, m, now))
	}
	return decimal.Max(decimal.Zero, total)
}

func (h Holding) value(o Owner, haircuts Haircuts, m Market, now time.Time) decimal.Decimal {
	rate, err := m.Rate(h.Currency, Currency)
	if err != nil || h.issuedBy(o) {
		return decimal.Zero
	}
	if h.Kind == Cash && h.Quantity.IsNegative() {
		return h.Quantity.Mul(rate).RoundFloor(minorUnits)
	}
	haircut, ok := haircuts.Of(h, now)
	value := h.market().Mul(rate)
	if !ok || !value.IsPositive() {
		return decimal.Zero
	}
	return value.Mul(decimal.Max(decimal.Zero, one.Sub(haircut))).RoundFloor(minorUnits)
}

func (h Holding) market() decimal.Decimal {
	if h.Kind == Cash {
		return h.Quantity
	}
	return h.Quantity.Mul(h.Price)
}

// issuedBy is the wrong-way rule: a client's own paper falls with the client.
func (h Holding) issuedBy(o Owner) bool {
	if h.Kind == Cash {
		return false
	}
	for _, name := range []string{o.Client, o.Group} {
		if name != "" && (h.Issuer == name || h.ID == name) {
			return true
		}
	}
	return false
}
