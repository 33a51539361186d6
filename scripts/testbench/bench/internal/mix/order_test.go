package mix_test

import (
	"testing"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/testbench/bench/internal/mix"
)

// Orders by the HTTP interface have the shares of those by FIX, and the market's rates for their dates.
func TestOrdersHaveTheirSharesAndTheMarketsRates(t *testing.T) {
	t.Parallel()
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	m, err := mix.New(prices, 1, 0, monday)
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int{"SPOT": 0, "1W": 7, "1M": 30, "3M": 91, "6M": 182}
	const n = 5_000
	count := map[string]int{}
	for range n {
		o := m.Order([]string{"C000002", "C000003"}, monday)
		count[o.Product]++
		count[o.Client]++
		for _, leg := range o.Legs {
			rate, err := market.Outright(o.Pair, demo.Tick(monday), days[leg.Tenor])
			if err != nil || rate.String() != leg.Rate || o.Currency != o.Pair[:3] || leg.Amount != o.Legs[0].Amount {
				t.Fatalf("%+v: the market has %s, error %v", o, rate, err)
			}
		}
		if swap := o.Product == "swap"; swap != (len(o.Legs) == 2) || swap && o.Legs[0].Side == o.Legs[1].Side {
			t.Fatalf("%+v", o)
		}
	}
	for what, share := range map[string]int{"spot": 55, "forward": 25, "swap": 20, "C000002": 50} {
		if got := 100 * count[what] / n; got < share-3 || got > share+3 {
			t.Errorf("%s: %d %%, want %d", what, got, share)
		}
	}
}
