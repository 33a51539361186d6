package desk

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/dating"
	"fxcore/services/market/hours"
	"fxcore/services/market/pricing"
)

// core is the demo's bank as the core knows it.
type core struct {
	directory *market.Directory
	market    *demo.Market
	bank      demo.Bank
}

func newCore(t testing.TB) core {
	t.Helper()
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	prices, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	static := market.Static{Currencies: map[string]market.Currency{}, Calendars: calendars(t, bank)}
	for _, c := range bank.Currencies {
		cutOffs := make([]hours.CutOff, len(c.CutOffs))
		for i, o := range c.CutOffs {
			cutOffs[i] = hours.CutOff{From: fxdate.DateOf(o.From), DaysBefore: o.DaysBefore, At: timeOfDay(t, o.Roll)}
		}
		sorted, err := hours.NewCutOffs(cutOffs...)
		if err != nil {
			t.Fatal(err)
		}
		static.Currencies[c.Code] = market.Currency{Code: c.Code, MinorUnits: int32(c.MinorUnits), DepositRate: c.DepositRate, CutOffs: sorted}
	}
	for _, p := range bank.Pairs {
		terms := market.Terms{
			Base: p.Base(), Quote: p.Quote(), SpotLag: p.SpotLag, Decimals: int32(p.RateDecimals), PointsFactor: decimal.NewFromInt(int64(p.PointsFactor)),
			HalfSpread: p.HalfSpread, Band: decimal.NewFromInt(int64(p.Band)),
		}
		for _, r := range p.Rolls {
			terms.Rolls = append(terms.Rolls, hours.Roll{From: fxdate.DateOf(r.From), At: timeOfDay(t, r)})
		}
		static.Pairs = append(static.Pairs, terms)
	}
	return core{market.NewDirectory(static), prices, bank}
}

func timeOfDay(t testing.TB, r demo.Roll) hours.TimeOfDay {
	t.Helper()
	at, err := hours.ParseTimeOfDay(r.At, r.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func calendars(t testing.TB, bank demo.Bank) map[string]*calendar.Calendar {
	t.Helper()
	weekends, holidays := map[string][]calendar.Weekend{}, map[string]map[fxdate.Date]string{}
	for _, w := range bank.Weekends {
		weekends[w.Currency] = append(weekends[w.Currency], calendar.Weekend{From: fxdate.DateOf(w.From), Days: w.Days})
		holidays[w.Currency] = map[fxdate.Date]string{}
	}
	for _, h := range bank.Holidays {
		holidays[h.Currency][fxdate.DateOf(h.Date)] = h.Name
	}
	all := map[string]*calendar.Calendar{}
	for currency, rules := range weekends {
		c, err := calendar.New(currency, rules, holidays[currency])
		if err != nil {
			t.Fatal(err)
		}
		all[currency] = c
	}
	return all
}

// at returns the core's market at an instant, with the points of the full hour, as the mainframe delivers them.
func (c core) at(t *rapid.T, now time.Time) *market.Market {
	rates := market.Rates{AsOf: now, Mids: map[string]pricing.Mid{}, Curves: map[string]market.Curve{}}
	for _, currency := range c.bank.Currencies {
		mid, err := c.market.Mid(currency.Code, now)
		if err != nil {
			t.Fatal(err)
		}
		rates.Mids[currency.Code] = pricing.Mid{Rate: mid, AsOf: now}
	}
	for _, p := range c.bank.Pairs {
		rates.Curves[p.Name] = market.Curve{}
		for _, name := range demo.CurveTenors() {
			tenor, err := fxdate.ParseTenor(name)
			if err != nil {
				t.Fatal(err)
			}
			if rates.Curves[p.Name][tenor], err = c.market.Points(p.Name, demo.ValuedAt(now), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	return market.New(c.directory, rates)
}

// The desk's rates are near the core's references, on any day and for every pair: an honest price is never off the market.
// A desk counts a tenor's days roughly, and its price is up to ten seconds older than the core's.
func TestTheDesksRatesAreWithinTheCoresBand(t *testing.T) {
	c := newCore(t)
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		m := c.at(t, now.Add(10*time.Second))
		d := &Desk{market: c.market}
		for _, p := range c.bank.Pairs {
			pair, err := m.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			deal, err := pair.Dates.On(pair.TradeDate(now))
			if err != nil {
				t.Fatal(err)
			}
			for name, days := range map[string]int{"SPOT": 0, "1W": 7, "2W": 14, "1M": 30, "2M": 61, "3M": 91, "6M": 182, "1Y": 365} {
				tenor, _ := fxdate.ParseTenor(name)
				period, err := pair.Dates.PeriodOf(deal, tenor)
				if err != nil {
					t.Fatal(err)
				}
				reference, err := m.Forward(pair, deal, period.End)
				if err != nil {
					t.Fatal(err)
				}
				rate, err := d.rate(p, now, days, true)
				if err != nil {
					t.Fatal(err)
				}
				tolerance := pair.Tolerance().At(int(period.End - deal.Spot))
				if deviation, allowed := tolerance.Deviation(decimal.RequireFromString(rate), reference); !allowed {
					t.Fatalf("%s %s at %s: %s is %s off %s, the tolerance is %s", p.Name, name, now, rate, pricing.Percent(deviation), reference, tolerance.Percent())
				}
			}
		}
	})
}

// A pair's spot date is never too late by the demo's cut-offs.
func TestTheDemosSpotIsNeverTooLate(t *testing.T) {
	c := newCore(t)
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		for _, p := range c.bank.Pairs {
			pair, err := c.directory.Pair(p.Name)
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
