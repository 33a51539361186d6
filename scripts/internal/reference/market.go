package reference

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
)

// At returns the core's market at an instant: the mids of all currencies, and for the named pairs the points of the full hour, as
// the mainframe delivers them.
func (b *Bank) At(now time.Time, pairs ...string) (*market.Market, error) {
	rates := market.Rates{AsOf: now, Mids: map[string]pricing.Mid{}, Curves: map[string]market.Curve{}}
	for _, currency := range b.Demo.Currencies {
		mid, err := b.market.Mid(currency.Code, now)
		if err != nil {
			return nil, err
		}
		rates.Mids[currency.Code] = pricing.Mid{Rate: mid, AsOf: now}
	}
	for _, pair := range pairs {
		curve, err := b.curve(pair, now)
		if err != nil {
			return nil, err
		}
		rates.Curves[pair] = curve
	}
	return market.New(b.Directory, rates), nil
}

func (b *Bank) curve(pair string, now time.Time) (market.Curve, error) {
	curve := market.Curve{}
	for _, name := range demo.CurveTenors() {
		tenor, err := fxdate.ParseTenor(name)
		if err != nil {
			return nil, err
		}
		if curve[tenor], err = b.market.Points(pair, demo.ValuedAt(now), name); err != nil {
			return nil, err
		}
	}
	return curve, nil
}

// Hours returns from when until when the payments of a value date, YYYY-MM-DD, can be made.
func (b *Bank) Hours(pair, date string) (from, until time.Time, err error) {
	p, err := b.Directory.Pair(pair)
	if err != nil {
		return from, until, err
	}
	value, err := fxdate.ParseDate(date)
	if err != nil {
		return from, until, err
	}
	return p.Window(value)
}

// Rate returns the core's reference rate of a pair for a deal that is done at an instant and settles on a date, rounded half-up to
// the pair's decimals.
func (b *Bank) Rate(pair string, now time.Time, value fxdate.Date) (decimal.Decimal, error) {
	m, err := b.At(now, pair)
	if err != nil {
		return decimal.Decimal{}, err
	}
	p, err := m.Pair(pair)
	if err != nil {
		return decimal.Decimal{}, err
	}
	deal, err := p.Dates.On(p.TradeDate(now))
	if err != nil {
		return decimal.Decimal{}, err
	}
	rate, err := m.Forward(p, deal, value)
	return rate.Round(p.Decimals), err
}
