package market_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
)

// BenchmarkForward prices the value dates of a day's deals on a curve of twelve tenors, as every forward, swap and line check does.
func BenchmarkForward(b *testing.B) {
	d := decimal.RequireFromString
	curve := market.Curve{}
	for i, name := range []string{"ON", "TN", "1W", "2W", "1M", "2M", "3M", "6M", "9M", "1Y", "2Y", "5Y"} {
		tenor, err := fxdate.ParseTenor(name)
		if err != nil {
			b.Fatal(err)
		}
		curve[tenor] = decimal.NewFromInt(int64(i + 1))
	}
	m := market.New(newMarket(realdata.Calendars(b), nil).Directory, market.Rates{
		Mids:   map[string]pricing.Mid{"EUR": {Rate: d("1")}, "USD": {Rate: d("1.1")}},
		Curves: map[string]market.Curve{"EUR/USD": curve}, AsOf: time.Unix(0, 0),
	})
	pair, err := m.Pair("EUR/USD")
	if err != nil {
		b.Fatal(err)
	}
	deal, err := pair.Dates.On(realdata.Date(b, "2026-11-24"))
	if err != nil {
		b.Fatal(err)
	}
	date := deal.Spot.AddDays(40)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := m.Forward(pair, deal, date); err != nil {
				b.Error(err)
			}
		}
	})
}
