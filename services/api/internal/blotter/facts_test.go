package blotter_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/services/api/internal/blotter"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func request() blotter.Request {
	return blotter.Request{
		TradeID: "1", Provider: "API", Reference: "R-1", Kind: "request", TradeDate: "2026-11-24", TransactedAt: noon, Client: "C000001",
		Product: "swap", Pair: "EUR/USD", Currency: "EUR",
		Legs: []blotter.RequestedLeg{{Side: "buy", Amount: "100", Rate: "1.1", Tenor: "SPOT"}, {Side: "sell", Amount: "100", Rate: "1.2", Tenor: "1M"}},
	}
}

func done(version int) blotter.Done {
	leg := func(side, date, quote string) blotter.ValidatedLeg {
		return blotter.ValidatedLeg{ValueDate: date, Base: "EUR", BaseSide: side, BaseAmount: "100", Quote: "USD", QuoteAmount: quote, Rate: "1"}
	}
	return blotter.Done{
		Request: request(), Authorized: blotter.Terms{Desk: "FXS1"},
		Validated:  blotter.Validated{TradeDate: "2026-11-24", Pair: "EUR/USD", Product: "swap", Legs: []blotter.ValidatedLeg{leg("buy", "2026-11-26", "110"), leg("sell", "2026-12-28", "120")}},
		Registered: blotter.Registration{TradeID: "1", Version: version, RegisteredAt: noon},
	}
}

func settled(leg int) blotter.Settlement {
	return blotter.Settlement{Version: 1, Leg: leg, MovementID: "m", Reference: "M1", At: noon}
}

func failed(leg int, hour int) blotter.Settlement {
	return blotter.Settlement{Version: 1, Leg: leg, MovementID: "m", Code: "NOFUNDS", At: noon.Add(time.Duration(hour) * time.Hour)}
}

// life is everything that may be told of one trade.
func life() map[string]func(*blotter.Facts) {
	rejected := func(code string) func(*blotter.Facts) {
		return func(f *blotter.Facts) {
			f.Reject(blotter.Ended{Request: request(), Rejected: blotter.Refusal{Code: code, By: "auth"}})
		}
	}
	return map[string]func(*blotter.Facts){
		"asked":      func(f *blotter.Facts) { f.Ask(request(), &blotter.Caller{User: "U0001"}) },
		"registered": func(f *blotter.Facts) { f.Register(done(1)) },
		"duplicate":  rejected("duplicate"),
		"assigned": func(f *blotter.Facts) {
			f.Assign(blotter.Assignment{TradeID: "1", Version: 1, Desk: "FXS2", Trader: "U0002"})
		},
		"booked":  func(f *blotter.Facts) { f.Book(blotter.Booking{Reference: "B1", BookedAt: noon}) },
		"refused": func(f *blotter.Facts) { f.Refuse(blotter.Refusal{Code: "NOACCT"}) },

		"registered 2": func(f *blotter.Facts) { f.Register(done(2)) },

		"booked 2":  func(f *blotter.Facts) { f.Book(blotter.Booking{Reference: "B2", BookedAt: noon, Version: 2}) },
		"refused 2": func(f *blotter.Facts) { f.Refuse(blotter.Refusal{Code: "CLOSED", Version: 2}) },

		"failed":   func(f *blotter.Facts) { f.Settle(failed(1, 0)) },
		"failed 2": func(f *blotter.Facts) { f.Settle(failed(2, 1)) },
		"settled":  func(f *blotter.Facts) { f.Settle(settled(1)) },
		"executed": func(f *blotter.Facts) { f.Execute(blotter.Execution{TradeID: "1", Version: 1, ExecutedAt: noon}) },
		"noted":    func(f *blotter.Facts) { f.Note(blotter.Entry{ID: "a", Event: "trade.registered", At: noon}) },
		"noted 2":  func(f *blotter.Facts) { f.Note(blotter.Entry{ID: "b", Event: "trade.booked", At: noon}) },
	}
}

// Whatever the order and the repetitions: the same messages make the same facts.
func TestAnyOrderEndsTheSame(t *testing.T) {
	t.Parallel()
	all := life()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.SampledFrom(keys(all)), rapid.ID).Draw(t, "messages")
		var one, other blotter.Facts
		for _, name := range names {
			all[name](&one)
		}
		again := append(rapid.Permutation(names).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(append(names, "noted"))).Draw(t, "repeats")...)
		for _, name := range append(again, "noted") {
			all[name](&other)
		}
		all["noted"](&one)
		if diff := cmp.Diff(text(t, one), text(t, other)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func keys(m map[string]func(*blotter.Facts)) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

func text(t *rapid.T, f blotter.Facts) string {
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStates(t *testing.T) {
	t.Parallel()
	all := life()
	for _, c := range []struct {
		told []string
		want blotter.State
	}{
		{[]string{"asked"}, blotter.Pending},
		{[]string{"asked", "duplicate"}, blotter.Pending},
		{[]string{"asked", "registered"}, blotter.Registered},
		{[]string{"registered", "booked"}, blotter.Booked},
		{[]string{"booked", "refused"}, blotter.Booked},
		{[]string{"registered", "refused"}, blotter.Refused},
		{[]string{"registered", "booked", "settled"}, blotter.Booked},
		{[]string{"booked 2", "booked", "registered 2"}, blotter.Booked},
		{[]string{"booked", "registered 2"}, blotter.Registered},
		{[]string{"booked", "registered 2", "refused 2"}, blotter.Refused},
		{[]string{"refused", "booked", "refused 2", "booked 2", "registered 2"}, blotter.Booked},
		{[]string{"registered", "booked", "settled", "executed"}, blotter.Executed},
	} {
		var f blotter.Facts
		for _, name := range c.told {
			all[name](&f)
		}
		if got := f.State(); got != c.want {
			t.Errorf("%v: %s, want %s", c.told, got, c.want)
		}
	}
}

// The message about an earlier version may come last.
func TestABookingOfAnEarlierVersionDoesNotStandAboveALaterOne(t *testing.T) {
	t.Parallel()
	all := life()
	var f blotter.Facts
	for _, name := range []string{"booked 2", "booked", "refused 2", "refused"} {
		all[name](&f)
	}
	if f.Booked.Reference != "B2" || f.Refused.Code != "CLOSED" {
		t.Errorf("%+v, %+v", f.Booked, f.Refused)
	}
}

func TestARefusalShowsItsReasonUntilTheTradeIsDone(t *testing.T) {
	t.Parallel()
	var f blotter.Facts
	f.Reject(blotter.Ended{Request: request(), Rejected: blotter.Refusal{Code: "holiday", Text: "closed", By: "trading"}})
	if got := f.Trade(); got.State != blotter.Rejected || got.Rejection.Code != "holiday" || got.Client != "C000001" {
		t.Errorf("%+v", got)
	}
	f.Register(done(1))
	if got := f.Trade(); got.State != blotter.Registered || got.Rejection != nil {
		t.Errorf("%+v", got)
	}
}

// A leg that failed and was settled later is settled. The legs of an older version do not count.
func TestLegsShowHowTheyWereSettled(t *testing.T) {
	t.Parallel()
	var f blotter.Facts
	f.Register(done(1))
	f.Settle(settled(1))
	f.Settle(failed(1, 5))
	f.Settle(failed(2, 0))
	legs := f.Trade().Legs
	if legs[0].State != blotter.LegSettled || legs[1].State != blotter.LegFailed || legs[1].Settlement.Code != "NOFUNDS" {
		t.Errorf("%+v", legs)
	}
	f.Register(done(2))
	if legs := f.Trade().Legs; legs[0].State != blotter.Open || legs[1].Settlement != nil {
		t.Errorf("the new version: %+v", legs)
	}
}

// The side that is shown is the base currency's, whatever currency is dealt.
func TestASideIsThatOfTheBaseCurrency(t *testing.T) {
	t.Parallel()
	r := request()
	r.Currency = "USD"
	var f blotter.Facts
	f.Ask(r, nil)
	want := []blotter.Leg{
		{Leg: 1, State: blotter.Open, Side: "sell", Rate: "1.1", Tenor: "SPOT", Base: "EUR", Quote: "USD", QuoteAmount: "100"},
		{Leg: 2, State: blotter.Open, Side: "buy", Rate: "1.2", Tenor: "1M", Base: "EUR", Quote: "USD", QuoteAmount: "100"},
	}
	if diff := cmp.Diff(want, f.Trade().Legs); diff != "" {
		t.Error(diff)
	}
}
