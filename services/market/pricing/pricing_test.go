package pricing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
)

var dec = decimal.RequireFromString

func TestCrossGoesThroughTheEuro(t *testing.T) {
	rates := realdata.Rates(t, "2026-10-30") // USD 1.1172, JPY 175.68, GBP 0.8338
	cases := []struct {
		base, quote string
		decimals    int32
		want        string
	}{
		{"EUR", "USD", 5, "1.1172"},
		{"USD", "JPY", 3, "157.25027"}, // 175.68 / 1.1172 = 157.250268…
		{"GBP", "USD", 5, "1.3398897"}, // 1.1172 / 0.8338 = 1.33988966…
		{"GBP", "JPY", 3, "210.69801"}, // 175.68 / 0.8338 = 210.698009…
	}
	older, newer := time.Unix(1_000, 0), time.Unix(2_000, 0)
	for _, c := range cases {
		got := pricing.Cross(pricing.Mid{Rate: rates[c.base], AsOf: newer}, pricing.Mid{Rate: rates[c.quote], AsOf: older}, c.decimals)
		if !got.Rate.Equal(dec(c.want)) || !got.AsOf.Equal(older) {
			t.Errorf("%s/%s = %s as of %s, want %s as of the older mid", c.base, c.quote, got.Rate, got.AsOf, c.want)
		}
	}
}

func TestParityGrowsBothCurrenciesByTheCalendar(t *testing.T) {
	deposits := pricing.Deposits{Base: dec("0.02"), Quote: dec("0.04")}
	cases := []struct{ rule, spot, date, want string }{
		{"at spot nothing is added", "2027-01-01", "2027-01-01", "1.1"},
		{"73 of 365 days are a fifth of a year: 1.10 × 1.008 ÷ 1.004", "2027-01-01", "2027-03-15", "1.1043825"},
		{"a year is a year, whatever its days: 1.10 × 1.04 ÷ 1.02", "2027-01-01", "2028-01-01", "1.1215686"},
		{"and so is a leap year", "2028-01-01", "2029-01-01", "1.1215686"},
		{"two years are compounded", "2027-01-01", "2029-01-01", "1.1435602"},
		{"73 days before spot, of the 366 after it, the base of lower interest is cheaper", "2027-03-15", "2027-01-01", "1.0955944"},
	}
	for _, c := range cases {
		got := pricing.Parity(dec("1.1"), deposits, realdata.Date(t, c.spot), realdata.Date(t, c.date), 5)
		if !got.Equal(dec(c.want)) {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
}

func TestFiveYearsOfTheLiraAreCompounded(t *testing.T) {
	got := pricing.Parity(dec("49.9482"), pricing.Deposits{Base: dec("0.0385"), Quote: dec("0.38")},
		realdata.Date(t, "2026-11-27"), realdata.Date(t, "2031-11-27"), 4)
	if !got.Round(2).Equal(dec("206.96")) {
		t.Errorf("USD/TRY in five years: %s, want 206.96", got)
	}
}

func TestGrowthIsContinuousAndNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := fxdate.NewDate(2016, 1, 1).AddDays(rapid.IntRange(0, 14_000).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(-10, 4_000).Draw(t, "days"))
		rate := drawDecimal(t, "rate", 4, 5_000)
		today, tomorrow := pricing.Growth(rate, from, to), pricing.Growth(rate, from, to.AddDays(1))
		// one day adds a day's share of the rate on what has grown: 1/365 or 1/366 of it
		most := decimal.Max(today, decimal.NewFromInt(1)).Mul(rate).Div(decimal.NewFromInt(364))
		if step := tomorrow.Sub(today); step.IsNegative() || step.GreaterThan(most) {
			t.Fatalf("at %s from %s to %s: %s, then %s", rate, from, to, today, tomorrow)
		}
	})
}

func TestInterpolateIsLinearBetweenNodes(t *testing.T) {
	nodes := []pricing.Node{{Days: -1, Value: dec("-2")}, {}, {Days: 7, Value: dec("7")}, {Days: 31, Value: dec("55")}}
	for days, want := range map[int]string{-1: "-2", 0: "0", 3: "3", 7: "7", 8: "9", 31: "55"} {
		if got, inside := pricing.Interpolate(nodes, days); !inside || !got.Equal(dec(want)) {
			t.Errorf("day %d: %s, %v, want %s", days, got, inside, want)
		}
	}
	for _, days := range []int{-2, 32} {
		if got, inside := pricing.Interpolate(nodes, days); inside {
			t.Errorf("day %d lies outside, but is %s", days, got)
		}
	}
}

func TestContraRoundsHalfUpToMinorUnits(t *testing.T) {
	cases := []struct {
		rule, amount, rate string
		minorUnits         int32
		ofQuote            bool
		want               string
	}{
		{"half a cent goes up", "1.00", "1.125", 2, false, "1.13"},
		{"less than half goes down", "1.00", "1.12499", 2, false, "1.12"},
		{"the yen has no cents", "1000.01", "157.250", 0, false, "157252"},
		{"the Bahraini dinar has three", "1000", "0.37605", 3, false, "376.05"},
		{"a dealt quote amount is divided", "1000000", "1.1172", 2, true, "895094.88"},
		{"half a cent of a quotient goes up", "1", "8", 2, true, "0.13"},
		{"an amount can vanish", "0.01", "0.3", 2, false, "0"},
	}
	for _, c := range cases {
		contra := pricing.Contra
		if c.ofQuote {
			contra = pricing.ContraOfQuote
		}
		if got := contra(dec(c.amount), dec(c.rate), c.minorUnits); !got.Equal(dec(c.want)) {
			t.Errorf("%s: %s at %s is %s, want %s", c.rule, c.amount, c.rate, got, c.want)
		}
	}
}

func TestContraIsWithinHalfAMinorUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount, rate := drawDecimal(t, "amount", 2, 1e15), drawDecimal(t, "rate", 5, 1e9)
		units := rapid.Int32Range(0, 3).Draw(t, "minor units")
		half := decimal.New(5, -units-1)
		product := pricing.Contra(amount, rate, units)
		if off := product.Sub(amount.Mul(rate)).Abs(); off.GreaterThan(half) || !pricing.HasDecimals(product, units) {
			t.Fatalf("%s × %s = %s", amount, rate, product)
		}
		quotient := pricing.ContraOfQuote(amount, rate, units)
		if off := quotient.Mul(rate).Sub(amount).Abs(); off.GreaterThan(half.Mul(rate)) {
			t.Fatalf("%s ÷ %s = %s", amount, rate, quotient)
		}
	})
}

func TestFarIsNearPlusPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near, far := drawDecimal(t, "near", 5, 1e9), drawDecimal(t, "far", 5, 1e9)
		factor := dec(rapid.SampledFrom([]string{"1", "10", "100", "10000"}).Draw(t, "factor"))
		if got := pricing.Outright(near, pricing.Points(near, far, factor), factor); !got.Equal(far) {
			t.Fatalf("near %s + points of far %s = %s", near, far, got)
		}
	})
	if got := pricing.Outright(dec("1.1"), dec("61.99"), dec("10000")); !got.Equal(dec("1.106199")) { // FIX tag 195
		t.Errorf("1.1 and 61.99 points = %s", got)
	}
}

func TestToleranceDecidesExactly(t *testing.T) {
	tolerance := pricing.Tolerance(dec("0.005"))
	cases := []struct {
		rule, rate, reference, deviation string
		allowed                          bool
	}{
		{"on the bound above", "1.005", "1", "0.005", true},
		{"on the bound below", "0.995", "1", "0.005", true},
		{"past it by less than the figure shows", "1.00500001", "1", "0.005", false},
	}
	for _, c := range cases {
		deviation, allowed := tolerance.Deviation(dec(c.rate), dec(c.reference))
		if allowed != c.allowed || !deviation.Equal(dec(c.deviation)) {
			t.Errorf("%s: %s, allowed %v", c.rule, deviation, allowed)
		}
	}
	if got := tolerance.Times(dec("3")).Percent(); got != "1.5%" {
		t.Errorf("three times 0.5%% is %s", got)
	}
}

func TestATolerancesGrowthIsThatOfTheRootOfTime(t *testing.T) {
	year := pricing.Tolerance(dec("0.0003"))
	for days, want := range map[int]string{0: "0", 365: "0.0003", -365: "0.0003", 1460: "0.0006", 1: "0.0000157", 31: "0.00008742"} {
		if got := decimal.Decimal(year.Over(days)); !got.Equal(dec(want)) {
			t.Errorf("over %d days: %s, want %s", days, got, want)
		}
	}
	// three standard deviations of 10 % a year: of a minute, and of five minutes whose sign does not matter
	for passed, want := range map[time.Duration]string{0: "0", time.Minute: "0.0004138", -5 * time.Minute: "0.00092529"} {
		if got := decimal.Decimal(pricing.Drift(dec("0.1"), passed)); !got.Equal(dec(want)) {
			t.Errorf("in %s: %s, want %s", passed, got, want)
		}
	}
}

func TestHasDecimalsIgnoresTrailingZeros(t *testing.T) {
	for text, want := range map[string]bool{"1": true, "1.1": true, "1.10": true, "1.1000000": true, "1.101": false, "0.001": false, "1e3": true} {
		if got := pricing.HasDecimals(dec(text), 2); got != want {
			t.Errorf("%s has at most two decimals: %v", text, got)
		}
	}
}

func drawDecimal(t *rapid.T, label string, decimals int32, most int64) decimal.Decimal {
	return decimal.New(rapid.Int64Range(1, most).Draw(t, label), -decimals)
}
