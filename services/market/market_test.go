package market_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/market/valuedate"
)

func TestPairSaysWhatIsMissing(t *testing.T) {
	calendars := realdata.Calendars(t)
	delete(calendars, "JPY")
	m := newMarket(calendars, map[string]string{"EUR": "1", "USD": "1.1172"})
	cases := []struct {
		rule, pair string
		want       error
		says       string
	}{
		{"a pair that the bank does not deal", "EUR/CHF", market.ErrUnknownPair, "EUR/CHF"},
		{"a pair in the other order", "USD/EUR", market.ErrUnknownPair, "USD/EUR"},
		{"a calendar is missing", "USD/JPY", market.ErrNoData, "calendar of JPY"},
		{"a currency is missing", "USD/XXX", market.ErrNoData, "currency XXX"},
		{"a lag that can not be", "GBP/USD", market.ErrNoData, "spot lag 9"},
		{"one fault leaves the others", "EUR/USD", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			_, err := m.Pair(c.pair)
			if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want %v and %q", c.pair, err, c.want, c.says)
			}
		})
	}
}

func TestADirectoryIsUsableUpToItsAge(t *testing.T) {
	asOf := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	d := market.NewDirectory(market.Static{AsOf: asOf, MaxAge: time.Hour})
	if err := d.Usable(asOf.Add(time.Hour)); err != nil {
		t.Errorf("at its bound: %v", err)
	}
	if err := d.Usable(asOf.Add(time.Hour + 1)); !errors.Is(err, market.ErrNoData) {
		t.Errorf("past its bound: %v", err)
	}
}

func TestReferenceNeedsBothRates(t *testing.T) {
	for rule, rates := range map[string]map[string]string{
		"one is missing":  {"EUR": "1"},
		"one is zero":     {"EUR": "1", "USD": "0"},
		"one is negative": {"EUR": "1", "USD": "-1.1"},
	} {
		m := newMarket(realdata.Calendars(t), rates)
		pair, err := m.Pair("EUR/USD")
		if err != nil {
			t.Fatal(err)
		}
		if reference, err := m.Reference(pair); !errors.Is(err, market.ErrNoData) {
			t.Errorf("%s: reference %s, %v", rule, reference.Rate, err)
		}
		if dollars, err := m.Dollars(decimal.NewFromInt(1), "EUR"); !errors.Is(err, market.ErrNoData) {
			t.Errorf("%s: one euro is %s dollars, %v", rule, dollars, err)
		}
	}
}

func TestDollarsAreRoundedToCents(t *testing.T) {
	m := newMarket(realdata.Calendars(t), map[string]string{"EUR": "1", "USD": "1.1172", "JPY": "175.68"})
	for currency, want := range map[string]string{"USD": "1000000.005", "EUR": "1117200.01", "JPY": "6359.29"} {
		amount := decimal.RequireFromString("1000000.005")
		if got, err := m.Dollars(amount, currency); err != nil || got.String() != want {
			t.Errorf("%s %s is USD %s, %v, want %s", amount, currency, got, err, want)
		}
	}
}

func TestForwardFollowsThePointsAndThenParity(t *testing.T) {
	d := decimal.RequireFromString
	directory := market.NewDirectory(market.Static{
		Currencies: map[string]market.Currency{
			"EUR": {Code: "EUR", MinorUnits: 2, DepositRate: d("0.02")}, "USD": {Code: "USD", MinorUnits: 2, DepositRate: d("0.04")},
		},
		Pairs:     []market.Terms{{Base: "EUR", Quote: "USD", SpotLag: 2, Decimals: 5, PointsFactor: d("10000")}},
		Calendars: realdata.Calendars(t),
	})
	mids := map[string]pricing.Mid{"EUR": {Rate: d("1")}, "USD": {Rate: d("1.1")}}
	curve := market.Curve{tenor(t, "TOM"): d("-0.4"), tenor(t, "1W"): d("3"), tenor(t, "1M"): d("13.5"), tenor(t, "1Y"): d("210")}
	street := market.Curve{tenor(t, "ON"): d("0.7"), tenor(t, "TN"): d("0.6"), tenor(t, "1W"): d("3")}
	deal := valuedate.Dates{Trade: realdata.Date(t, "2027-01-12"), Spot: realdata.Date(t, "2027-01-14")}
	cases := []struct {
		rule  string
		curve market.Curve
		date  string
		want  string
	}{
		{"spot", curve, "2027-01-14", "1.1"},
		{"a tenor of the curve: TOM", curve, "2027-01-13", "1.09996"},
		{"a tenor of the curve: 1W", curve, "2027-01-21", "1.1003"},
		{"half the way from 1W to 1M, which a holiday moves to 16 February", curve, "2027-02-03", "1.100825"},
		{"a tenth of a pip and its tenth are kept", curve, "2027-01-31", "1.1007038"},
		{"beyond 1Y by parity from there: 1.121 × 1.04 ÷ 1.02", curve, "2029-01-14", "1.1429804"},
		{"before TOM by parity", curve, "2027-01-12", "1.0998794"},
		{"TN is from tomorrow to spot", street, "2027-01-13", "1.09994"},
		{"ON is from today to tomorrow", street, "2027-01-12", "1.09987"},
		{"ON on TOM", market.Curve{tenor(t, "TOM"): d("-0.4"), tenor(t, "ON"): d("0.7")}, "2027-01-12", "1.09989"},
		{"ON alone leads nowhere: parity", market.Curve{tenor(t, "ON"): d("0.7"), tenor(t, "1W"): d("3")}, "2027-01-12", "1.0998794"},
		{"after spot the same", street, "2027-01-21", "1.1003"},
		{"no curve: parity", nil, "2028-01-14", "1.1215686"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			m := market.New(directory, market.Rates{Mids: mids, Curves: map[string]market.Curve{"EUR/USD": c.curve}})
			pair, err := m.Pair("EUR/USD")
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Forward(pair, deal, realdata.Date(t, c.date))
			if err != nil || !got.Equal(d(c.want)) {
				t.Errorf("%s: %s, %v, want %s", c.date, got, err, c.want)
			}
		})
	}
}

// Two tenors that holidays let end on one date: the longer one was moved less.
func TestTheLongerOfTwoTenorsOnOneDateCounts(t *testing.T) {
	d := decimal.RequireFromString
	m := market.New(newMarket(realdata.Calendars(t), nil).Directory, market.Rates{
		Mids:   map[string]pricing.Mid{"EUR": {Rate: d("1")}, "USD": {Rate: d("1.1")}},
		Curves: map[string]market.Curve{"EUR/USD": {tenor(t, "1D"): d("1"), tenor(t, "3D"): d("3")}},
	})
	pair, err := m.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	friday := valuedate.Dates{Trade: realdata.Date(t, "2027-01-13"), Spot: realdata.Date(t, "2027-01-15")} // Monday is a holiday of the dollar
	for range 20 {                                                                                         // a map has no order
		if got, err := m.Forward(pair, friday, realdata.Date(t, "2027-01-19")); err != nil || !got.Equal(d("1.1003")) {
			t.Fatalf("%s, %v", got, err)
		}
	}
}

// Long holidays let tenors end on one date, and even in another order than their lengths. Points that rise from tenor to tenor rise from
// day to day then, too, and those of the tenors that count are met.
func TestPointsRiseWhateverHolidaysDoToTheTenors(t *testing.T) {
	d := decimal.RequireFromString
	spot := realdata.Date(t, "2026-01-30")
	for rule, c := range map[string]struct {
		closed []string // days of the euro
		met    map[string]string
	}{
		"usual":                                  {nil, map[string]string{"1W": "1.1007", "2W": "1.1014", "3W": "1.1021", "1M": "1.1031", "2M": "1.1061"}},
		"1W and 2W end on one date":              {days("2026-02-06", 10), map[string]string{"2W": "1.1014", "3W": "1.1021", "1M": "1.1031"}},
		"1W, 2W and 3W do":                       {days("2026-02-06", 17), map[string]string{"3W": "1.1021", "1M": "1.1031"}},
		"3W ends after 1M, which is moved back":  {days("2026-02-19", 20), map[string]string{"1W": "1.1007", "1M": "1.1031", "2M": "1.1061"}},
		"2W and 3W end after 1M, all in a month": {days("2026-02-12", 18), map[string]string{"1M": "1.1031", "2M": "1.1061"}},
	} {
		calendars := realdata.Calendars(t)
		closed := map[fxdate.Date]string{}
		for _, day := range c.closed {
			closed[realdata.Date(t, day)] = "holidays"
		}
		var err error
		if calendars["EUR"], err = calendar.New("EUR", []calendar.Weekend{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, closed); err != nil {
			t.Fatal(err)
		}
		m := market.New(newMarket(calendars, nil).Directory, market.Rates{
			Mids: map[string]pricing.Mid{"EUR": {Rate: d("1")}, "USD": {Rate: d("1.1")}},
			Curves: map[string]market.Curve{"EUR/USD": {
				tenor(t, "1W"): d("7"), tenor(t, "2W"): d("14"), tenor(t, "3W"): d("21"), tenor(t, "1M"): d("31"), tenor(t, "2M"): d("61"),
			}},
		})
		pair, err := m.Pair("EUR/USD")
		if err != nil {
			t.Fatal(err)
		}
		deal := valuedate.Dates{Trade: realdata.Date(t, "2026-01-28"), Spot: spot}
		for name, want := range c.met {
			period, err := pair.Dates.PeriodOf(deal, tenor(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := m.Forward(pair, deal, period.End); err != nil || !got.Equal(d(want)) {
				t.Errorf("%s: %s on %s: %s, %v, want %s", rule, name, period.End, got, err, want)
			}
		}
		before := d("1.1")
		for day := spot; day < spot.AddDays(59); day = day.AddDays(1) {
			got, err := m.Forward(pair, deal, day)
			if err != nil || got.LessThan(before) {
				t.Errorf("%s: %s on %s after %s, %v", rule, got, day, before, err)
			}
			before = got
		}
	}
}

// days returns n days from a date on.
func days(first string, n int) []string {
	from, err := fxdate.ParseDate(first)
	if err != nil {
		panic(err)
	}
	all := make([]string, n)
	for i := range all {
		all[i] = from.AddDays(i).String()
	}
	return all
}

// The next market has other mids and the same curves; another market with other curves does not see what this one has placed.
func TestTheNextMarketKeepsItsCurves(t *testing.T) {
	d := decimal.RequireFromString
	mids := func(dollar string) map[string]pricing.Mid {
		return map[string]pricing.Mid{"EUR": {Rate: d("1")}, "USD": {Rate: d(dollar)}}
	}
	curves := func(pips string) map[string]market.Curve {
		return map[string]market.Curve{"EUR/USD": {tenor(t, "1M"): d(pips)}}
	}
	directory, asOf := newMarket(realdata.Calendars(t), nil).Directory, time.Date(2027, 1, 13, 0, 0, 0, 0, time.UTC)
	first := market.New(directory, market.Rates{Mids: mids("1.1"), Curves: curves("10"), PointsAsOf: map[string]time.Time{"EUR/USD": asOf}})
	pair, err := first.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	deal := valuedate.Dates{Trade: realdata.Date(t, "2027-01-13"), Spot: realdata.Date(t, "2027-01-15")}
	for _, c := range []struct {
		m    *market.Market
		want string
	}{
		{first, "1.101"}, {first.Next(mids("1.2"), nil, asOf), "1.201"}, {market.New(directory, market.Rates{Mids: mids("1.1"), Curves: curves("20")}), "1.102"}, {first, "1.101"},
	} {
		if got, err := c.m.Forward(pair, deal, realdata.Date(t, "2027-02-16")); err != nil || !got.Equal(d(c.want)) {
			t.Errorf("%s, %v, want %s", got, err, c.want)
		}
	}
	if next := first.Next(mids("1.2"), map[string]market.Quote{"Q": {}}, asOf); !next.RatesAsOf().Equal(asOf) || next.Directory != first.Directory {
		t.Error("the next market is another")
	} else if at, err := next.PointsAsOf(pair); err != nil || !at.Equal(asOf) {
		t.Errorf("points as of %s, %v", at, err)
	}
}

func TestPointsThatAreMissingAreNotParity(t *testing.T) {
	directory, asOf := newMarket(realdata.Calendars(t), nil).Directory, time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for rule, c := range map[string]struct {
		rates market.Rates
		says  string
		want  time.Time
	}{
		"no set":            {market.Rates{}, "has delivered no forward points", time.Time{}},
		"nothing readable":  {market.Rates{Curves: map[string]market.Curve{"EUR/USD": {}}}, "no forward points of EUR/USD are readable", time.Time{}},
		"none for the pair": {market.Rates{Curves: map[string]market.Curve{}}, "", time.Time{}},
		"points": {market.Rates{
			Curves: map[string]market.Curve{"EUR/USD": {tenor(t, "1M"): decimal.NewFromInt(1)}}, PointsAsOf: map[string]time.Time{"EUR/USD": asOf},
		}, "", asOf},
	} {
		m := market.New(directory, c.rates)
		pair, err := m.Pair("EUR/USD")
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.PointsAsOf(pair)
		if !got.Equal(c.want) || (err != nil) != (c.says != "") || err != nil && (!errors.Is(err, market.ErrNoData) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %s, %v", rule, got, err)
		}
	}
}

func tenor(t *testing.T, name string) fxdate.Tenor {
	t.Helper()
	parsed, err := fxdate.ParseTenor(name)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func newMarket(calendars map[string]*calendar.Calendar, rates map[string]string) *market.Market {
	currencies := map[string]market.Currency{}
	for _, code := range []string{"EUR", "USD", "JPY", "GBP"} {
		currencies[code] = market.Currency{Code: code, MinorUnits: 2}
	}
	terms := func(base, quote string, lag int) market.Terms {
		return market.Terms{Base: base, Quote: quote, SpotLag: lag, Decimals: 5, PointsFactor: decimal.NewFromInt(10_000)}
	}
	mids := map[string]pricing.Mid{}
	for currency, rate := range rates {
		mids[currency] = pricing.Mid{Rate: decimal.RequireFromString(rate)}
	}
	pairs := []market.Terms{terms("EUR", "USD", 2), terms("USD", "JPY", 2), terms("USD", "XXX", 2), terms("GBP", "USD", 9)}
	return market.New(market.NewDirectory(market.Static{Currencies: currencies, Pairs: pairs, Calendars: calendars}), market.Rates{Mids: mids})
}
