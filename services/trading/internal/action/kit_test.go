package action_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

var (
	cents = action.Minor{Base: 2, Quote: 2}
	near  = fxdate.NewDate(2026, 11, 27)
	far   = fxdate.NewDate(2027, 2, 26)
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// of returns a booked trade of one million at 1.10, and at 1.11 for the far leg of a swap; the client buys first.
func of(product trade.Product) action.Subject {
	leg := func(side trade.Side, date fxdate.Date, rate, quote string) trade.Leg {
		return trade.Leg{ValueDate: date, Base: "EUR", BaseSide: side, BaseAmount: dec("1000000"), Quote: "USD", QuoteAmount: dec(quote), Rate: dec(rate)}
	}
	legs := map[trade.Product][]trade.Leg{
		trade.Spot:    {leg(trade.Buy, near, "1.10", "1100000")},
		trade.Forward: {leg(trade.Buy, far, "1.10", "1100000")},
		trade.Swap:    {leg(trade.Buy, near, "1.10", "1100000"), leg(trade.Sell, far, "1.11", "1110000")},
	}[product]
	return action.Subject{Trade: trade.Trade{
		Ref: trade.Ref{ID: "whole", Version: 1}, RegisteredAt: time.Unix(0, 0),
		Terms: trade.Terms{
			Kind: "request", Provider: "ALPHA", Reference: "C-1", Client: "C000001", Product: product, Pair: "EUR/USD", DealtCurrency: "EUR",
			TradeDate: fxdate.NewDate(2026, 11, 25), SpotDate: near, Legs: legs, USDAmount: dec("1100000"),
		},
		Life: trade.Life{Status: trade.Booked, Legs: len(legs), Assignment: trade.Assignment{Desk: "FXS1"}},
	}}
}

// refusedAs fails the test unless an error is a refusal for a reason; without a reason, unless there is no error.
func refusedAs(t *testing.T, err error, want action.Reason) {
	t.Helper()
	var no *action.Refusal
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (!errors.As(err, &no) || no.Reason != want || no.Text == ""):
		t.Errorf("%v, want %s", err, want)
	}
}

func equal(t *testing.T, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(dec(want)) {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}
