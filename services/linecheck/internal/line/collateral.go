package line

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/market"
)

// HoldingKind is the kind of a pledged asset.
type HoldingKind string

// The kinds of assets that the bank accepts as collateral.
const (
	Cash  HoldingKind = "cash"
	Bond  HoldingKind = "bond"
	Stock HoldingKind = "stock"
)

// Holding is one pledged asset. Its market value is Quantity · Price in its currency. For cash, Price is not used.
type Holding struct {
	Kind          HoldingKind
	ID            string // id of the security
	Currency      string
	Quantity      decimal.Decimal
	Price         decimal.Decimal // per unit of quantity
	Issuer        string          // of a bond: sovereign, bank or corporate; or the client or group id of the issuer
	Rating        string          // of a bond: AAA to D, with + or -
	ResidualYears decimal.Decimal // of a bond
	PricedAt      time.Time
	MainIndex     bool // the stock belongs to a main index
}

// Owner is the client whose collateral is valued, and its group. Securities that either of them has issued count as
// worthless, because they lose their value when the client fails.
type Owner struct{ Client, Group string }

// The ages from which a price counts less. The haircuts assume that a holding is sold within ten days, so an older price
// makes the holding worthless. A price older than a long weekend adds the haircut of a listed stock.
const (
	staleAfter     = 4 * 24 * time.Hour
	worthlessAfter = 10 * 24 * time.Hour
)

// CollateralValue returns the value of the holdings in the limit currency after haircuts:
//
//	Σ quantity · price · rate · (1 − Hc − Hfx)
//
// (Basel's comprehensive approach; CBB CA-4.3.7, 12 CFR 1240.39), each rounded down to the minor unit. A holding that
// cannot be valued (no rate, no haircut for its class) counts as zero. An overdrawn cash account reduces the sum by its
// full amount. The sum is never negative.
func CollateralValue(o Owner, holdings []Holding, h Haircuts, m *market.Market, now time.Time) decimal.Decimal {
	total := decimal.Zero
	for _, holding := range holdings {
		total = total.Add(holding.value(o, h, m, now))
	}
	return decimal.Max(decimal.Zero, total)
}

func (h Holding) value(o Owner, haircuts Haircuts, m *market.Market, now time.Time) decimal.Decimal {
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

// issuedBy reports whether the owner or its group has issued the security: wrong-way risk, because the security loses
// its value when the client fails.
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
