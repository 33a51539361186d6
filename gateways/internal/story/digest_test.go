package story_test

import (
	"testing"

	"fxcore/gateways/internal/story"
)

// A repeat is recognised by the digest that was stored with the first request, maybe by an older release. So the values are
// fixed. They were computed apart from this code.
func TestSumsAreWhatTheyAlwaysWere(t *testing.T) {
	t.Parallel()
	swap := story.Trade[string]{
		Kind: story.KindRequest, Client: "C000900", Account: "A-1", Product: story.ProductSwap, Pair: "EUR/USD", Currency: "EUR", QuoteID: "Q-7",
		Legs: []story.Leg{
			{Side: "buy", Amount: "1000000", Rate: "1.08432", Tenor: "SPOT"},
			{Side: "sell", Amount: "1000000", Rate: "1.08511", ValueDate: "2027-02-26"},
		},
	}
	if got, want := swap.Sum(), "7e6af02fa02365a9667c869cf9bf6394e6da38275982d5a0e88e63ed87347e2b"; got != want {
		t.Errorf("a swap: %s, want %s", got, want)
	}
	reserve := story.Check[string]{
		Action: story.ActionReserve, Client: "C000900", Product: story.ProductForward, Pair: "EUR/USD", Currency: "EUR", Side: "sell",
		Amount: "250000", Tenor: "3M",
	}
	if got, want := reserve.Sum(), "a2fb0609dbc917a5f732594dca1db057a7045ed3118bd8babd9b99928dcec035"; got != want {
		t.Errorf("a reservation: %s, want %s", got, want)
	}
}

// The digest leaves out what a provider may change in a repeat.
func TestSumsLeaveOutWhatARepeatMayChange(t *testing.T) {
	t.Parallel()
	first := story.Trade[string]{Kind: story.KindRequest, Client: "C000900"}
	again := first
	again.TradeID, again.Reference, again.TradeDate, again.Echo = "another", "R-2", "2026-11-25", "another form"
	if first.Sum() != again.Sum() {
		t.Error("a repeat has another digest")
	}
	again.Client = "C000901"
	if first.Sum() == again.Sum() {
		t.Error("another client has the same digest")
	}
}
