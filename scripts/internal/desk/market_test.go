package desk

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/reference"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// core is the demo's bank as the core knows it.
type core struct {
	*reference.Bank
	market *demo.Market
}

func newCore(t testing.TB) core {
	t.Helper()
	bank, err := reference.New()
	if err != nil {
		t.Fatal(err)
	}
	prices, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	return core{bank, prices}
}

// at returns the core's market at an instant.
func (c core) at(t *rapid.T, now time.Time) *market.Market {
	pairs := make([]string, len(c.Demo.Pairs))
	for i, p := range c.Demo.Pairs {
		pairs[i] = p.Name
	}
	m, err := c.At(now, pairs...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The desk's rates are near the core's references, on any day and for every pair: an honest price is never off the market.
// A desk counts a tenor's days roughly, and its price is up to ten seconds older than the core's. Where a week of holidays lets two
// tenors end on one date, the core has the points of the longer one.
func TestTheDesksRatesAreWithinTheCoresBand(t *testing.T) {
	c := newCore(t)
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		m := c.at(t, now.Add(10*time.Second))
		d := &Desk{market: c.market}
		for _, p := range c.Demo.Pairs {
			pair, err := m.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			deal, err := pair.Dates.On(pair.TradeDate(now))
			if err != nil {
				t.Fatal(err)
			}
			for name, nominal := range map[string]int{"SPOT": 0, "1W": 7, "2W": 14, "1M": 30, "2M": 61, "3M": 91, "6M": 182, "1Y": 365} {
				tenor, _ := fxdate.ParseTenor(name)
				period, err := pair.Dates.PeriodOf(deal, tenor)
				if err != nil {
					t.Fatal(err)
				}
				if name == "1W" && period.End == endOf(t, pair, deal, "2W") {
					continue
				}
				reference, err := m.Forward(pair, deal, period.End)
				if err != nil {
					t.Fatal(err)
				}
				rate, err := d.rate(p, now, nominal, true)
				if err != nil {
					t.Fatal(err)
				}
				days := int(period.End - deal.Spot)
				tolerance := pair.Tolerance(0).Plus(pair.PointsTolerance(days))
				if deviation, allowed := tolerance.Deviation(decimal.RequireFromString(rate), reference); !allowed {
					t.Fatalf("%s %s at %s: %s is %s off %s, the tolerance is %s", p.Name, name, now, rate, pricing.Percent(deviation), reference, tolerance.Percent())
				}
				if days > 0 {
					c.swapIsWithin(t, m, p, now, swapLeg{nominal, days, reference})
				}
			}
		}
	})
}

// An honest price that the core judges two seconds later is within the client's band, should the market have moved for the client.
func TestTheDesksRatesAreWithinTheClientsBand(t *testing.T) {
	c := newCore(t)
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		m := c.at(t, now.Add(2*time.Second))
		d := &Desk{market: c.market}
		for _, p := range c.Demo.Pairs {
			pair, err := m.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			reference, err := m.Reference(pair)
			if err != nil {
				t.Fatal(err)
			}
			rate, err := d.rate(p, now, 0, true)
			if err != nil {
				t.Fatal(err)
			}
			if _, allowed := pair.ClientTolerance(0).Deviation(decimal.RequireFromString(rate), reference.Rate); !allowed && decimal.RequireFromString(rate).LessThan(reference.Rate) {
				t.Fatalf("%s at %s: a client buys at %s, the core's rate is %s, the client's band %s", p.Name, now, rate, reference.Rate, pair.ClientTolerance(0).Percent())
			}
		}
	})
}

func endOf(t *rapid.T, pair *market.Pair, deal valuedate.Dates, name string) fxdate.Date {
	tenor, _ := fxdate.ParseTenor(name)
	period, err := pair.Dates.PeriodOf(deal, tenor)
	if err != nil {
		t.Fatal(err)
	}
	return period.End
}

// swapIsWithin prices a swap from spot as the desk does and compares its points with the core's.
func (c core) swapIsWithin(t *rapid.T, m *market.Market, p demo.Pair, now time.Time, far swapLeg) {
	pair, _ := m.Pair(p.Name)
	r := Request{Time: now, Buy: true}
	d := &Desk{market: c.market}
	if err := d.farLeg(&r, p, period{days: far.nominal}); err != nil {
		t.Fatal(err)
	}
	near, err := d.rate(p, now, 0, true)
	if err != nil {
		t.Fatal(err)
	}
	spot, err := m.Reference(pair)
	if err != nil {
		t.Fatal(err)
	}
	want := decimal.RequireFromString(near).Add(far.reference.Sub(spot.Rate))
	tolerance := pair.PointsTolerance(far.days)
	if _, allowed := tolerance.Deviation(decimal.RequireFromString(r.Far.Rate), want); !allowed {
		t.Fatalf("%s %d days at %s: the far rate %s is off %s, the tolerance is %s", p.Name, far.days, now, r.Far.Rate, want, tolerance.Of(want))
	}
}

// swapLeg is the far leg of a swap from spot: the days that the desk takes it for, the real ones and the core's reference.
type swapLeg struct {
	nominal, days int
	reference     decimal.Decimal
}

// A client buys ten million EUR/USD 54,700 USD below the market: 0.49 % off. No pair allows that, nor what a desk of its liquidity
// would refuse, even on the oldest reference rate that still counts.
func TestCase11NoPairIsDealtFarOffTheMarket(t *testing.T) {
	c := newCore(t)
	refused := map[string]string{"0.00003": "0.00034", "0.00008": "0.0005", "0.0001": "0.00042", "0.00025": "0.00055", "0.0008": "0.0017"} // by half spread
	for _, p := range c.Demo.Pairs {
		t.Run(p.Name, func(t *testing.T) {
			pair, err := c.Directory.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			mid, err := c.market.Outright(p.Name, time.Date(2026, 10, 30, 14, 15, 0, 0, time.UTC), 0)
			if err != nil {
				t.Fatal(err)
			}
			desk := decimal.RequireFromString(refused[p.HalfSpread.String()])
			for _, off := range []struct {
				by  decimal.Decimal
				age time.Duration
			}{{desk, 0}, {desk, 5 * time.Second}, {decimal.RequireFromString("0.0049"), p.MaxRateAge}} {
				price := mid.Mul(decimal.NewFromInt(1).Sub(off.by))
				if _, allowed := pair.ClientTolerance(off.age).Deviation(price, mid); allowed {
					t.Errorf("%s is bought at %s on a rate of %s ago, %s off %s", p.Name, price, off.age, pricing.Percent(off.by), mid)
				}
			}
		})
	}
}

// A pair's spot date is never too late by the demo's cut-offs.
func TestTheDemosSpotIsNeverTooLate(t *testing.T) {
	c := newCore(t)
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		for _, p := range c.Demo.Pairs {
			pair, err := c.Directory.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			rule, err := dating.Requested(pair, now, now, fxdate.Years(5))
			if err != nil {
				t.Fatal(err)
			}
			if refused := rule.Settles(rule.Deal.Spot); refused != nil {
				t.Fatalf("%s at %s: %v", p.Name, now, refused)
			}
		}
	})
}

// drawInstant returns an instant of the years for which the bank has calendars.
func drawInstant(t *rapid.T) time.Time {
	first, last := time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	return time.Unix(rapid.Int64Range(first.Unix(), last.Unix()).Draw(t, "now"), 0).UTC()
}
