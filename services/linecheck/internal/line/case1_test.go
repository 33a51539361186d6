package line

import (
	"testing"

	"fxcore/services/market"
	"fxcore/services/market/pricing"
)

// Case 1 of the market's cases: a million euros cost 5.7, 9.8 and 19.6 % of their dollars at one month, three months and a year from
// spot, not what the next bucket costs.
func TestCase1AMillionEurosByTenorFromSpot(t *testing.T) {
	t.Parallel()
	m := marketOf(func(_ *market.Static, mids map[string]pricing.Mid) { mids["USD"] = pricing.Mid{Rate: dec("1.1172")} })
	for _, c := range []struct{ tenor, date, want string }{
		{"1M", "2026-12-23", "63680.4"}, {"3M", "2027-02-23", "109485.6"}, {"1Y", "2027-11-23", "218971.2"},
	} {
		d := spotDealIn(m, "EUR/USD", Buy, "1000000", "1.1172")
		d.Legs = []Leg{{ValueDate: date(c.date), Side: Buy, BaseAmount: dec("1000000")}} // as a line check asks: at the market's rate
		period, err := d.Pair.Dates.PeriodOf(d.Dates, tenor(c.tenor))
		if err != nil || period.End != date(c.date) {
			t.Fatalf("%s ends on %s, %v", c.tenor, period.End, err)
		}
		x, err := Assess(d, m, table())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.tenor+": notional in USD", x.Notional, "1117200")
		equal(t, c.tenor+": exposure in USD", x.Amount, c.want)
	}
}
