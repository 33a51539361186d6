package mix_test

import (
	"bytes"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/bench/internal/mix"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// requests makes n requests and reads them back as messages.
func requests(t *testing.T, n int) (all []fixwire.Message, kinds []mix.Kind) {
	t.Helper()
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	m, err := mix.New(prices, 1, 5, monday)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		kind, body := m.Next(strconv.Itoa(i), monday)
		frame := fixwire.Append(nil, fixwire.Header{Begin: fixwire.FIX44, Sender: "S", Target: "T", Seq: 1, Sent: monday}, body)
		var message fixwire.Message
		if err := fixwire.NewReader(bytes.NewReader(frame)).Next(&message); err != nil {
			t.Fatal(err)
		}
		all, kinds = append(all, message), append(kinds, kind)
	}
	return all, kinds
}

func TestTheMixHasItsShares(t *testing.T) {
	t.Parallel()
	const n = 10_000
	all, kinds := requests(t, n)
	count := map[string]int{}
	pairs := map[string]bool{}
	for i, m := range all {
		if kinds[i] == mix.Check {
			count["check"]++
		}
		if m.Text(1) == "C000001" || m.Text(448) == "C000001" {
			count["hot"]++
		}
		switch {
		case m.Kind == "AB", m.Text(40) == "G":
			count["swap"]++
		case m.Kind == "D" && m.Text(63) != "0":
			count["forward"]++
		}
		pairs[m.Text(55)] = true
	}
	for what, want := range map[string]int{"check": 5, "hot": 20, "swap": 19, "forward": 24} {
		if share := 100 * count[what] / n; share < want-2 || share > want+2 {
			t.Errorf("%s: %d per cent, want about %d", what, share, want)
		}
	}
	if len(pairs) != 12 {
		t.Errorf("%d pairs", len(pairs))
	}
}

// Every price must be near the market's spot rate: the core accepts half a per cent around the forward rate.
func TestPricesAreTheMarkets(t *testing.T) {
	t.Parallel()
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := requests(t, 1_000)
	for _, m := range all {
		if m.Text(44) == "" {
			continue
		}
		price, err := decimal.NewFromString(m.Text(44))
		if err != nil {
			t.Fatal(err)
		}
		mid, err := market.Rate(m.Text(55), monday)
		if err != nil {
			t.Fatal(err)
		}
		if off := price.Sub(mid).Div(mid).Abs(); off.GreaterThan(decimal.New(3, -2)) {
			t.Errorf("%s at %s, the market is at %s", m.Text(55), price, mid)
		}
	}
}

func TestSwapsAsOrdersSettleOnWeekdays(t *testing.T) {
	t.Parallel()
	all, _ := requests(t, 1_000)
	for _, m := range all {
		if m.Text(193) == "" {
			continue
		}
		date, err := time.Parse("20060102", m.Text(193))
		if err != nil {
			t.Fatal(err)
		}
		if day := date.Weekday(); day == time.Saturday || day == time.Sunday || m.Text(193) == "20270101" {
			t.Fatalf("%s settles on %s", m.Text(55), date)
		}
	}
}

// What is due on one day are forwards of a week, in pairs whose cut-offs are on the value date.
func TestWhatIsDueOnOneDay(t *testing.T) {
	t.Parallel()
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	m, err := mix.New(prices, 1, 50, monday)
	if err != nil {
		t.Fatal(err)
	}
	m.OnlyDue()
	early := regexp.MustCompile("JPY|AUD|NZD|CAD|GBP/USD")
	for i := range 1_000 {
		kind, body := m.Next(strconv.Itoa(i), monday)
		frame := fixwire.Append(nil, fixwire.Header{Begin: fixwire.FIX44, Sender: "S", Target: "T", Seq: 1, Sent: monday}, body)
		var message fixwire.Message
		if err := fixwire.NewReader(bytes.NewReader(frame)).Next(&message); err != nil {
			t.Fatal(err)
		}
		if kind != mix.Trade || message.Text(63) != "W1" || early.MatchString(message.Text(55)) {
			t.Fatalf("kind %d, %s in %s", kind, message.Text(63), message.Text(55))
		}
	}
}
