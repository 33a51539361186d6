package main

import (
	"strings"
	"testing"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/gateways/socket/message"
)

func ask(t *testing.T, args ...string) (message.Request, error) {
	t.Helper()
	o, what, err := parse(args)
	if err != nil {
		t.Fatal(err)
	}
	return o.request(what)
}

func TestEachThingThatCanBeAskedIsARequestOfTheProtocol(t *testing.T) {
	for _, args := range []string{
		"spot", "report", "-tenor 1M forward", "-tenor 1M reserve", "-reservation R consume", "-reservation R -trade T consume", "-reservation R cancel",
		"-reference X status", "-reference X check-status", "-pair USD/JPY -side sell spot", "-rate 1.08 spot",
	} {
		t.Run(args, func(t *testing.T) {
			request, err := ask(t, strings.Fields(args)...)
			if err != nil {
				t.Fatal(err)
			}
			request.Head().Sequence = 1 // the client numbers them
			if _, err := message.AppendRequest(nil, request); err != nil {
				t.Error(err)
			}
		})
	}
}

// A deal without -rate has the demo market's rate, so the core does not reject it as off the market.
func TestADealWithoutARateIsAtTheMarketOfThisMoment(t *testing.T) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	for args, days := range map[string]int{"spot": 0, "-pair USD/JPY spot": 0, "-pair USD/JPY -tenor 5D forward": 5, "-tenor 2W forward": 14, "-pair USD/JPY -tenor 6M forward": 180} {
		request, err := ask(t, strings.Fields(args)...)
		if err != nil {
			t.Fatal(err)
		}
		terms := request.(*message.TradeRequest).Terms //nolint:forcetypeassert // a test
		want, err := market.Outright(terms.Pair, terms.TransactedAt, days)
		if err != nil {
			t.Fatal(err)
		}
		if got := terms.Legs[0].Rate; got != want.String() {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

func TestWhatHasNoMarketRateIsAskedFor(t *testing.T) {
	if _, err := ask(t, "-pair", "EUR/XXX", "spot"); err == nil || !strings.Contains(err.Error(), "give -rate") {
		t.Errorf("got %v", err)
	}
	if _, err := ask(t, "dance"); err == nil || !strings.Contains(err.Error(), `"dance"`) {
		t.Errorf("got %v", err)
	}
}
