package trade_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

func TestRegisterMakesTheFirstVersion(t *testing.T) {
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	got, err := trade.Register("id", swap(), at)
	if err != nil || got.Version != 1 || got.Life.Status != trade.Registered || !got.RegisteredAt.Equal(at) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRegisterRefusesTermsThatContradictThemselves(t *testing.T) {
	cases := map[string]func(*trade.Terms){
		"no client":                   func(terms *trade.Terms) { terms.Client = "" },
		"no reference":                func(terms *trade.Terms) { terms.Reference = "" },
		"unknown product":             func(terms *trade.Terms) { terms.Product = "option" },
		"a swap with one leg":         func(terms *trade.Terms) { terms.Legs = terms.Legs[:1] },
		"a spot with two legs":        func(terms *trade.Terms) { terms.Product = trade.Spot },
		"legs the same way":           func(terms *trade.Terms) { terms.Legs[1].BaseSide = trade.Buy },
		"far leg on the near date":    func(terms *trade.Terms) { terms.Legs[1].ValueDate = terms.Legs[0].ValueDate },
		"legs of two pairs":           func(terms *trade.Terms) { terms.Legs[1].Quote = "JPY" },
		"no value date":               func(terms *trade.Terms) { terms.Legs[0].ValueDate = 0 },
		"an amount of zero":           func(terms *trade.Terms) { terms.Legs[0].BaseAmount = decimal.Zero },
		"a negative contra amount":    func(terms *trade.Terms) { terms.Legs[0].QuoteAmount = decimal.NewFromInt(-1) },
		"a rate of zero":              func(terms *trade.Terms) { terms.Legs[1].Rate = decimal.Zero },
		"one currency against itself": func(terms *trade.Terms) { terms.Legs[0].Quote = "EUR" },
		"a side that is none":         func(terms *trade.Terms) { terms.Legs[0].BaseSide = "hold" },
	}
	for rule, spoil := range cases {
		t.Run(rule, func(t *testing.T) {
			terms := swap()
			spoil(&terms)
			if _, err := trade.Register("id", terms, time.Time{}); !errors.Is(err, trade.ErrInvalidTerms) {
				t.Errorf("registered with %v", err)
			}
		})
	}
}

func swap() trade.Terms {
	leg := func(side trade.Side, date fxdate.Date) trade.Leg {
		return trade.Leg{
			ValueDate: date, Base: "EUR", BaseSide: side, BaseAmount: decimal.NewFromInt(1_000_000),
			Quote: "USD", QuoteAmount: decimal.NewFromInt(1_117_200), Rate: decimal.RequireFromString("1.1172"),
		}
	}
	return trade.Terms{
		Kind: "request", Provider: "ALPHA", Reference: "C-1", Client: "C000001", Product: trade.Swap, Pair: "EUR/USD",
		Legs: []trade.Leg{leg(trade.Buy, fxdate.NewDate(2026, 11, 27)), leg(trade.Sell, fxdate.NewDate(2026, 12, 28))},
	}
}
