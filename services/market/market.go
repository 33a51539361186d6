package market

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/services/market/pricing"
)

// Market is a directory together with the rates of one moment. It is immutable.
type Market struct {
	*Directory
	mids       map[string]pricing.Mid // by currency: units per euro
	references map[string]pricing.Mid // by pair; computed once for all trades
}

// New computes the reference rate of every pair for which both currencies have a mid. A mid is in units of the currency
// per euro. New ignores mids that are not positive.
func New(directory *Directory, mids map[string]pricing.Mid) *Market {
	m := &Market{
		Directory:  directory,
		mids:       make(map[string]pricing.Mid, len(mids)),
		references: make(map[string]pricing.Mid, len(directory.pairs)),
	}
	for currency, mid := range mids {
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

// Reference returns the spot reference rate of a pair. Error: ErrNoData if a currency has no rate.
func (m *Market) Reference(pair *Pair) (pricing.Mid, error) {
	if reference, ok := m.references[pair.Name]; ok {
		return reference, nil
	}
	return pricing.Mid{}, fmt.Errorf("%w: no reference rate for %s", ErrNoData, pair.Name)
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
