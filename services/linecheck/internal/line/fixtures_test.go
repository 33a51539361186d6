package line

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func nullable(text string) decimal.NullDecimal { return decimal.NewNullDecimal(dec(text)) }

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// market returns a market of round numbers on Thursday 2026-11-19, with the standard add-ons.
func market() Market {
	return Market{
		Mids:       map[string]decimal.Decimal{"EUR": dec("1"), "USD": dec("1.25"), "JPY": dec("200"), "GBP": dec("0.8")},
		Deposits:   map[string]decimal.Decimal{"USD": dec("0.036"), "EUR": dec("0.018")},
		Volatility: map[string]decimal.Decimal{"EUR/USD": dec("0.10"), "USD/JPY": dec("0.12"), "GBP/JPY": dec("0.10")},
		AddOns: AddOns{
			{7, dec("0.028")}, {31, dec("0.057")}, {92, dec("0.098")}, {184, dec("0.139")}, {366, dec("0.196")}, {1830, dec("0.438")},
		},
	}
}

func haircuts() Haircuts {
	h := Haircuts{}
	for class, cut := range map[string]string{
		"cash": "0", "sovereign_1y": "0.005", "sovereign_5y": "0.02", "sovereign_long": "0.04",
		"other_1y": "0.01", "other_5y": "0.04", "other_long": "0.08",
		"index_equity": "0.15", "equity": "0.25", "currency_mismatch": "0.08",
	} {
		h[class] = dec(cut)
	}
	return h
}

func spotDeal(side Side, amount, rate string) Deal {
	return Deal{
		Base: "EUR", Quote: "USD", TradeDate: day("2026-11-19"), SpotDate: day("2026-11-23"),
		Legs: []Leg{{ValueDate: day("2026-11-23"), Side: side, BaseAmount: dec(amount), QuoteAmount: dec(amount).Mul(dec(rate)).Round(2), Rate: dec(rate)}},
	}
}

func equal(t *testing.T, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(dec(want)) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}
