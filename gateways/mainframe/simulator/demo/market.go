package demo

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// TickInterval is how long a price stands. Prices asked for within one interval are the same.
const TickInterval = 2 * time.Second

// mapped is how many intervals between two fixings the market walks over, forth and back: the last year.
const mapped = 250

// midDecimals is the precision of a mid against the euro, finer than any quote made of it.
const midDecimals = 8

// pegged are the currencies whose central banks keep them at so many units for a dollar: the UAE's since 1997, Saudi Arabia's
// since 1986. The European Central Bank publishes no rate for them.
var pegged = map[string]decimal.Decimal{"AED": decimal.RequireFromString("3.6725"), "SAR": decimal.RequireFromString("3.75")}

// Market is the demo's foreign-exchange market: a mid for each currency at any instant, made from the real series.
//
// A day of the demo is the interval between two fixings. The instant of the last fixing (14:15 UTC of its day; the
// European Central Bank's is 14:15 CET) is the last fixing itself; each day further away from it, into the future or
// into the past, lies one interval further back in the series; after 250 intervals the walk turns round. So prices are always near the last ones published, move as
// they moved, and never jump. Within the interval they follow a bridge: the straight line between the two fixings
// times a noise that is zero at both ends (see noise.go).
//
// A Market is immutable and safe for concurrent use.
type Market struct {
	fixings    Fixings
	seed       uint64
	anchor     time.Time
	currencies map[string]Currency
	pairs      map[string]Pair
}

// NewMarket returns the market of the seed.
func NewMarket(seed uint64) (*Market, error) {
	fixings, err := lastFixings(mapped + 1)
	if err != nil {
		return nil, err
	}
	currencies, err := Currencies()
	if err != nil {
		return nil, err
	}
	pairs, err := Pairs()
	if err != nil {
		return nil, err
	}
	m := &Market{
		fixings: fixings, seed: seed, anchor: fixings.Days[len(fixings.Days)-1].Add(14*time.Hour + 15*time.Minute),
		currencies: make(map[string]Currency), pairs: make(map[string]Pair),
	}
	for _, c := range currencies {
		m.currencies[c.Code] = c
	}
	for _, p := range pairs {
		m.pairs[p.Name] = p
	}
	return m, nil
}

// Tick is the instant since which the price at an instant stands.
func Tick(at time.Time) time.Time { return at.UTC().Truncate(TickInterval) }

// Mid returns the units of the currency for one euro at an instant; one for the euro itself.
func (m *Market) Mid(currency string, at time.Time) (decimal.Decimal, error) {
	if currency == "EUR" {
		return decimal.NewFromInt(1), nil
	}
	c, known := m.currencies[currency]
	if !known {
		return decimal.Decimal{}, fmt.Errorf("market: currency %q is not dealt", currency)
	}
	if units, fixed := pegged[currency]; fixed {
		dollars, err := m.Mid("USD", at)
		return dollars.Mul(units).Round(midDecimals), err
	}
	day, into := m.place(at)
	path := m.fixings.Rates[currency]
	from, to := path[len(path)-1-day], path[len(path)-2-day]
	line := from.Add(to.Sub(from).Mul(decimal.New(int64(into), 0)).DivRound(decimal.New(int64(dayLength), 0), midDecimals+4))
	noise := bridge(key(m.seed, currency, day), amplitude(c.Volatility), into)
	return line.Mul(decimal.New(billion+noise, -9)).Round(midDecimals), nil
}

// Rate returns the mid of a pair at an instant: quote over base, rounded half up to the pair's decimals.
func (m *Market) Rate(pair string, at time.Time) (decimal.Decimal, error) {
	p, mid, err := m.mid(pair, at)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return mid.Round(int32(p.RateDecimals)), nil
}

// Quote returns what a client may sell the base at (bid) and buy it at (offer), around the mid.
func (m *Market) Quote(pair string, at time.Time) (bid, offer decimal.Decimal, err error) {
	p, mid, err := m.mid(pair, at)
	if err != nil {
		return bid, offer, err
	}
	half := mid.Mul(p.HalfSpread)
	return mid.Sub(half).Round(int32(p.RateDecimals)), mid.Add(half).Round(int32(p.RateDecimals)), nil
}

func (m *Market) mid(pair string, at time.Time) (Pair, decimal.Decimal, error) {
	p, known := m.pairs[pair]
	if !known {
		return p, decimal.Decimal{}, fmt.Errorf("market: pair %q is not dealt", pair)
	}
	base, err := m.Mid(p.Base(), at)
	if err != nil {
		return p, decimal.Decimal{}, err
	}
	quote, err := m.Mid(p.Quote(), at)
	if err != nil {
		return p, decimal.Decimal{}, err
	}
	return p, quote.DivRound(base, midDecimals+4), nil
}
