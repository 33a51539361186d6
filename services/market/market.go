package market

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/market/memo"
	"fxcore/services/market/pricing"
)

// Market is a directory together with the rates of one moment. It is immutable, but for what it has computed already.
type Market struct {
	*Directory
	mids       map[string]pricing.Mid // by currency, against the euro
	references map[string]pricing.Mid // by pair, crossed once for all trades of the moment
	curves     map[string]Curve       // by pair; a pair may have none. nil: no points have been delivered
	pointsAsOf map[string]time.Time   // by pair, when its points were quoted
	quotes     map[string]Quote       // by id
	ratesAsOf  time.Time
	placed     *placements
}

// Rates are the fast part of a market.
type Rates struct {
	Mids       map[string]pricing.Mid // by currency: units of it for one euro
	Curves     map[string]Curve       // by pair; nil: no points have been delivered
	PointsAsOf map[string]time.Time   // by pair, when its points were quoted; a pair of which nobody knows it is absent
	Quotes     map[string]Quote       // by id
	AsOf       time.Time              // when they were delivered
}

// New crosses the mids for every pair whose both currencies have one. Mids that are not positive are left out.
func New(directory *Directory, rates Rates) *Market {
	m := &Market{
		Directory:  directory,
		mids:       make(map[string]pricing.Mid, len(rates.Mids)),
		references: make(map[string]pricing.Mid, len(directory.pairs)),
		curves:     rates.Curves,
		pointsAsOf: rates.PointsAsOf,
		quotes:     rates.Quotes,
		ratesAsOf:  rates.AsOf,
		placed:     memo.New[placement, []pricing.Node](maxPlaced),
	}
	for currency, mid := range rates.Mids {
		if mid.Rate.IsPositive() {
			m.mids[currency] = mid
		}
	}
	for name, pair := range directory.pairs {
		base, hasBase := m.mids[pair.Base.Code]
		quote, hasQuote := m.mids[pair.Quote.Code]
		if !hasBase || !hasQuote {
			continue
		}
		if cross := pricing.Cross(base, quote, pair.Decimals); cross.Rate.IsPositive() {
			m.references[name] = cross
		}
	}
	return m
}

// Next returns the market with newer mids and quotes, and with the same directory and curves, which need not be placed on the calendar
// again.
func (m *Market) Next(mids map[string]pricing.Mid, quotes map[string]Quote, asOf time.Time) *Market {
	next := New(m.Directory, Rates{Mids: mids, Curves: m.curves, PointsAsOf: m.pointsAsOf, Quotes: quotes, AsOf: asOf})
	next.placed = m.placed
	return next
}

// Reference returns the spot reference rate of a pair. Error: ErrNoData if a currency has no rate.
func (m *Market) Reference(pair *Pair) (pricing.Mid, error) {
	if reference, ok := m.references[pair.Name]; ok {
		return reference, nil
	}
	return pricing.Mid{}, fmt.Errorf("%w: no reference rate for %s", ErrNoData, pair.Name)
}

// Quote returns a price that the bank has published, by its id; false if it has published none of that id, or no longer
// keeps it.
func (m *Market) Quote(id string) (Quote, bool) {
	quote, found := m.quotes[id]
	return quote, found
}

// Dollars converts an amount to USD at the mids, rounded half-up to cents. It returns an amount in USD unchanged. Error:
// ErrNoData if a currency has no rate.
func (m *Market) Dollars(amount decimal.Decimal, currency string) (decimal.Decimal, error) {
	if currency == dollar {
		return amount, nil
	}
	from, hasFrom := m.mids[currency]
	to, hasTo := m.mids[dollar]
	if !hasFrom || !hasTo {
		return decimal.Decimal{}, fmt.Errorf("%w: no rate from %s to %s", ErrNoData, currency, dollar)
	}
	return amount.Mul(to.Rate).DivRound(from.Rate, m.currencies[dollar].MinorUnits), nil
}

// rateDigits bounds what a conversion keeps: rates are rounded half-up to so many decimals.
const rateDigits = 12

// Rate converts at the mids: units of the currency to per unit of from. Error: ErrNoData where a currency has no rate.
func (m *Market) Rate(from, to string) (decimal.Decimal, error) {
	mid, err := m.Conversion(from, to)
	return mid.Rate, err
}

// Conversion returns the rate of Rate, as of the older one of the two mids. Error: ErrNoData where a currency has no rate.
func (m *Market) Conversion(from, to string) (pricing.Mid, error) {
	if from == to {
		return pricing.Mid{Rate: decimal.NewFromInt(1), AsOf: m.ratesAsOf}, nil
	}
	source, hasSource := m.mids[from]
	target, hasTarget := m.mids[to]
	if !hasSource || !hasTarget {
		return pricing.Mid{}, fmt.Errorf("%w: no rate from %s to %s", ErrNoData, from, to)
	}
	asOf := source.AsOf
	if target.AsOf.Before(asOf) {
		asOf = target.AsOf
	}
	return pricing.Mid{Rate: target.Rate.DivRound(source.Rate, rateDigits), AsOf: asOf}, nil
}

// Rates returns the rates and curves of the market. The caller must not change them.
func (m *Market) Rates() Rates {
	return Rates{Mids: m.mids, Curves: m.curves, PointsAsOf: m.pointsAsOf, AsOf: m.ratesAsOf}
}

// RatesAsOf returns when the rates were delivered. A single rate may be older: see Reference.
func (m *Market) RatesAsOf() time.Time { return m.ratesAsOf }
