package line

import (
	"errors"
	"maps"
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/pricing"
)

func TestAddOnTableIsTheFormulaOfItsSource(t *testing.T) {
	t.Parallel()
	years := map[string]float64{"1W": 5 / 252.0, "1M": 21 / 252.0, "3M": 63 / 252.0, "6M": 126 / 252.0, "1Y": 1, "5Y": 5} // of 252 dealing days
	for _, a := range table() {
		want := math.Round(1.96*0.10*math.Sqrt(years[a.Tenor.String()])*1000) / 1000 // z·σ·√t
		got, _ := a.Factor.Float64()
		if math.Abs(got-want) > 0.001 {
			t.Errorf("add-on of %s: %v, formula gives %v", a.Tenor, got, want)
		}
	}
}

func TestAddOnFollowsTheTenorFromSpot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, pair, date, want string }{
		{"before spot the first factor holds", "EUR/USD", "2026-11-20", "0.028"},
		{"and at spot", "EUR/USD", "2026-11-23", "0.028"},
		{"1W", "EUR/USD", "2026-11-30", "0.028"},
		{"1M costs what 1M costs", "EUR/USD", "2026-12-23", "0.057"},
		{"between 1W and 1M linear in √days: 17 of 7 and 30", "EUR/USD", "2026-12-10", "0.043131084067"},
		{"3M", "EUR/USD", "2027-02-23", "0.098"},
		{"6M, moved to Monday", "EUR/USD", "2027-05-24", "0.139"},
		{"1Y", "EUR/USD", "2027-11-23", "0.196"},
		{"5Y is five years, moved to Monday", "EUR/USD", "2031-11-24", "0.438"},
		{"12 % volatility instead of 10 %", "USD/JPY", "2026-11-30", "0.0336"},
	} {
		d := spotDealIn(theMarket(), c.pair, Buy, "1", "1")
		d.Legs[0].ValueDate = date(c.date)
		got, err := table().For(d)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
		}
		equal(t, c.rule, got, c.want)
	}
	d := spotDeal(Buy, "1", "1")
	d.Legs[0].ValueDate = date("2031-11-25")
	var beyond *TenorError
	if _, err := table().For(d); !errors.As(err, &beyond) || beyond.Last != date("2031-11-24") || beyond.Longest.String() != "5Y" {
		t.Errorf("beyond the table: %v", err)
	}
}

func TestAddOnsNeverFallWithTime(t *testing.T) {
	t.Parallel()
	m := theMarket()
	rapid.Check(t, func(t *rapid.T) {
		pair, err := m.Pair(rapid.SampledFrom([]string{"EUR/USD", "USD/JPY", "GBP/JPY"}).Draw(t, "pair"))
		if err != nil {
			t.Fatal(err)
		}
		d := Deal{Pair: pair}
		if d.Dates, err = pair.Dates.On(date("2018-01-01").AddDays(rapid.IntRange(0, 9_000).Draw(t, "trade date"))); err != nil {
			t.Fatal(err)
		}
		days := rapid.IntRange(-2, 1_820).Draw(t, "days from spot")
		today, tomorrow := factorOn(t, d, days), factorOn(t, d, days+1)
		// No day costs more than the steepest one, the first after 1W: a 23rd of a little more than the way to 1M.
		if step := tomorrow.Sub(today); step.IsNegative() || step.GreaterThan(dec("0.005")) {
			t.Fatalf("%d days: %s, one more: %s", days, today, tomorrow)
		}
	})
}

// Long holidays let 1W, 2W and 3W end on one date: a day costs what the longest of them costs, and more time never costs less.
func TestAddOnsNeverFallWhereHolidaysLetTenorsEndOnOneDate(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		first  string
		closed int
		date   string // of the tenors that end together
		want   string
	}{
		"1W and 2W":     {"2026-11-30", 10, "2026-12-10", "0.04"},
		"1W, 2W and 3W": {"2026-11-30", 17, "2026-12-17", "0.05"},
	} {
		m := marketOf(func(s *market.Static, _ map[string]pricing.Mid) {
			s.Calendars = closedFor(t, s.Calendars, c.first, c.closed)
		})
		d := spotDealIn(m, "EUR/USD", Buy, "1", "1")
		addOns := append(table(), AddOn{tenor("2W"), dec("0.04")}, AddOn{tenor("3W"), dec("0.05")})
		before := decimal.Zero
		for day := d.Dates.Spot; day < d.Dates.Spot.AddDays(60); day = day.AddDays(1) {
			d.Legs[0].ValueDate = day
			got, err := addOns.For(d)
			if err != nil || got.LessThan(before) {
				t.Errorf("%s: %s on %s after %s, %v", rule, got, day, before, err)
			}
			if day == date(c.date) {
				equal(t, rule, got, c.want)
			}
			before = got
		}
	}
}

// closedFor returns calendars on which the euro is closed for n days from a date on.
func closedFor(t *testing.T, all map[string]*calendar.Calendar, first string, n int) map[string]*calendar.Calendar {
	t.Helper()
	closed := map[fxdate.Date]string{}
	for i := range n {
		closed[date(first).AddDays(i)] = "holidays"
	}
	with := maps.Clone(all)
	var err error
	with["EUR"], err = calendar.New("EUR", []calendar.Weekend{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, closed)
	must(t, err)
	return with
}

func factorOn(t *rapid.T, d Deal, days int) decimal.Decimal {
	d.Legs = []Leg{{ValueDate: d.Dates.Spot.AddDays(days)}}
	factor, err := table().For(d)
	if err != nil {
		t.Fatal(err)
	}
	return factor
}

func TestSpotExposureIsAddOnPlusPositiveMarkToMarket(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		deal        Deal
		mtm, amount string
		received    string
	}{
		{"at market", spotDeal(Buy, "1000000", "1.25"), "0", "35000", "1250000"},                                           // 1.25m · 2.8 %
		{"client buys dear: bank gains", spotDeal(Buy, "1000000", "1.26"), "10000", "45000", "1260000"},                    // + 10,000
		{"client buys cheap: no credit for a loss", spotDeal(Buy, "1000000", "1.24"), "-10000", "35000", "1240000"},        //
		{"client sells cheap: bank gains", spotDeal(Sell, "1000000", "1.24"), "10000", "45000", "1250000"},                 // receives the euros
		{"client sells dear: no credit for a loss", spotDeal(Sell, "1000000", "1.26"), "-10000", "35000", "1250000"},       //
		{"rounded up to the cent", spotDeal(Buy, "0.01", "1.25"), "0", "0.01", "0.01"},                                     //
		{"price improves by a fraction of a cent", spotDeal(Buy, "100", "1.25001"), "0", "3.5", "125"},                     // 0.001 is rounded half up
		{"a check has no price yet", withoutPrice(spotDeal(Buy, "1000000", "1.25")), "0", "35000", "1250000"},              //
		{"a check of the quote amount", withoutBase(spotDeal(Buy, "1000000", "1.25"), "1250000"), "0", "35000", "1250000"}, //
	} {
		x, err := Assess(c.deal, theMarket(), table())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		equal(t, c.name+": mark-to-market", x.MarkToMarket, c.mtm)
		equal(t, c.name+": exposure", x.Amount, c.amount)
		equal(t, c.name+": received", x.Settlements[0].Amount, c.received)
	}
}

func withoutPrice(d Deal) Deal {
	d.Legs[0].Rate, d.Legs[0].QuoteAmount = dec("0"), dec("0")
	return d
}

func withoutBase(d Deal, quote string) Deal {
	d.Legs[0].Rate, d.Legs[0].BaseAmount, d.Legs[0].QuoteAmount = dec("0"), dec("0"), dec(quote)
	return d
}

func TestForwardIsMarkedAtTheForwardRate(t *testing.T) {
	t.Parallel()
	d := spotDeal(Buy, "1000000", "1.25")
	d.Legs[0].ValueDate = date("2027-05-24") // 182 of 365 days from spot
	forward, err := theMarket().Forward(d.Pair, d.Dates, d.Legs[0].ValueDate)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "forward", forward, "1.2611194")
	x, err := Assess(d, theMarket(), table())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "mark-to-market", x.MarkToMarket, "-11119.4") // the client got its euros too cheap
	equal(t, "exposure", x.Amount, "173750")               // 1.25m · 13.9 %
}

func TestSwapCountsItsNotionalOnceAtTheFarTenor(t *testing.T) {
	t.Parallel()
	d := spotDeal(Sell, "1000000", "1.25")
	far := d.Legs[0]
	far.Side, far.ValueDate, far.Rate = Buy, date("2026-12-10"), dec("1.25")
	d.Legs = append(d.Legs, far)
	x, err := Assess(d, theMarket(), table())
	if err != nil {
		t.Fatal(err)
	}
	if x.TenorDays != 17 {
		t.Errorf("tenor %d days, want 17", x.TenorDays)
	}
	equal(t, "exposure", x.Amount, "53913.86") // 1.25m · 4.3131 %, once
	if len(x.Settlements) != 2 || !x.Settlements[0].ValueDate.Equal(day("2026-11-23")) || !x.Settlements[1].ValueDate.Equal(day("2026-12-10")) {
		t.Errorf("settlements %v, want one per leg", x.Settlements)
	}
}

// At the market: a spot of 1.25, an add-on of 2.8 % up to 1W and of 19.6 % at 1Y. A leg counts at its own amount and its own tenor.
func TestAnUnevenSwapCountsTheLegThatIsMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, near, far        string
		amount, base, notional string
		days                   int
	}{
		{"the far leg at its own amount", "2000000", "1000000", "245000", "1000000", "2500000", 365},
		{"a larger far leg", "1000000", "2000000", "490000", "2000000", "2500000", 365},
		{"a near leg that comes to more", "10000000", "1000000", "350000", "10000000", "12500000", 7},
	} {
		d := spotDeal(Sell, c.near, "1")
		d.Legs[0].ValueDate = date("2026-11-30")
		far := Leg{ValueDate: date("2027-11-23"), Side: Buy, BaseAmount: dec(c.far)}
		d.Legs = append([]Leg{withoutPrice(d).Legs[0]}, far)
		x, err := Assess(d, theMarket(), table())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.rule, x.Amount, c.amount)
		equal(t, c.rule+": amount of the leg that counts", x.BaseAmount, c.base)
		equal(t, c.rule+": notional of the larger leg", x.Notional, c.notional)
		equal(t, c.rule+": amount of the terms", d.Terms(x).Amount, decimal.Max(dec(c.near), dec(c.far)).String())
		if x.TenorDays != c.days || x.ValueDate != far.ValueDate {
			t.Errorf("%s: %d days until %s", c.rule, x.TenorDays, x.ValueDate)
		}
	}
}

func TestExposureOfACrossIsConvertedThroughItsBase(t *testing.T) {
	t.Parallel()
	d := spotDealIn(theMarket(), "GBP/JPY", Buy, "800000", "250")
	x, err := Assess(d, theMarket(), table())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "pounds in dollars", x.Conversion, "1.5625")
	equal(t, "exposure", x.Amount, "35000")
	equal(t, "received yen in dollars", x.Settlements[0].Amount, "1250000")
}

func TestAssessRefusesWhatTheMarketLacks(t *testing.T) {
	t.Parallel()
	lacks := func(change func(map[string]pricing.Mid)) *market.Market {
		return marketOf(func(_ *market.Static, mids map[string]pricing.Mid) { change(mids) })
	}
	var missing *MissingError
	for name, c := range map[string]struct {
		market *market.Market
		deal   Deal
		addOns AddOns
	}{
		"rate of base":  {lacks(func(m map[string]pricing.Mid) { delete(m, "EUR") }), spotDeal(Buy, "1", "1"), table()},
		"rate of quote": {theMarket(), spotDealIn(theMarket(), "EUR/CHF", Buy, "1", "1"), table()},
		"volatility":    {theMarket(), withoutVolatility(spotDeal(Buy, "1", "1")), table()},
		"add-ons":       {theMarket(), spotDeal(Buy, "1", "1"), nil},
	} {
		if _, err := Assess(c.deal, c.market, c.addOns); !errors.As(err, &missing) && !errors.Is(err, market.ErrNoData) {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := spotDeal(Buy, "1", "1")
	none.Legs = nil
	if _, err := Assess(none, theMarket(), table()); err == nil {
		t.Error("a deal without legs was assessed")
	}
}

func withoutVolatility(d Deal) Deal {
	pair := *d.Pair
	pair.Volatility, d.Pair = decimal.Zero, &pair
	return d
}
