package balancing_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/ledger"
)

var now = time.Date(2026, 11, 26, 22, 0, 0, 0, time.UTC)

var rule = balancing.Rule{Desk: "FXS1", Into: "FXT1", Currency: "USD"}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// rates knows EUR, JPY and USD.
type rates struct{}

func (rates) Rate(from, to string, now time.Time) (decimal.Decimal, error) {
	if now.IsZero() {
		return decimal.Zero, balancing.ErrOldRate
	}
	if rate, ok := map[string]string{"EUR": "1.1172", "JPY": "0.0064"}[from]; ok && to == "USD" {
		return dec(rate), nil
	}
	return decimal.Zero, errors.New("no rate")
}

func (rates) Decimals(currency string) (int32, bool) { return 2, currency == "USD" }

func on(day int, currency, amount string) balancing.Position {
	return balancing.Position{Currency: currency, ValueDate: fxdate.NewDate(2026, 11, day), Amount: dec(amount)}
}

func TestEachPositionIsDealtAtTheReferenceRate(t *testing.T) {
	deals, err := balancing.Flatten(rule, []balancing.Position{
		on(27, "JPY", "1000"), on(26, "USD", "7"), on(26, "EUR", "-100.01"), on(26, "XXX", "5"), on(27, "EUR", "0"),
	}, rates{}, now)
	if len(deals) != 3 || err != nil {
		t.Fatalf("%+v, %v", deals, err)
	}
	eur, none, jpy := deals[0], deals[1], deals[2]
	if !eur.Counter.Equal(dec("-111.73")) || !jpy.Counter.Equal(dec("6.4")) || none.Done() || !eur.Done() {
		t.Errorf("%+v", deals)
	}
	entries := eur.Entries("p")
	if entries[0].From != "desk/FXT1" || entries[0].To != "desk/FXS1" || !entries[0].Amount.Equal(dec("100.01")) || entries[0].Currency != "EUR" ||
		entries[1].From != "desk/FXS1" || entries[1].To != "desk/FXT1" || !entries[1].Amount.Equal(dec("111.73")) || entries[1].Reason != ledger.Balancing {
		t.Errorf("%+v", entries)
	}
}

// After the deals the desk has only its currency, and a second time there is nothing to deal.
func TestFlatBooksStayFlat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sums := map[string]decimal.Decimal{}
		var positions []balancing.Position
		for _, currency := range []string{"EUR", "JPY"} {
			amount := decimal.New(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, currency), -2)
			positions = append(positions, balancing.Position{Currency: currency, ValueDate: fxdate.NewDate(2026, 11, 26), Amount: amount})
			sums[currency] = amount
		}
		deals, _ := balancing.Flatten(rule, positions, rates{}, now)
		for _, d := range deals {
			for _, e := range d.Entries("p") {
				if e.From == "desk/FXS1" {
					sums[e.Currency] = sums[e.Currency].Sub(e.Amount)
				} else {
					sums[e.Currency] = sums[e.Currency].Add(e.Amount)
				}
			}
		}
		for i, p := range positions {
			if !sums[p.Currency].IsZero() {
				t.Errorf("%s of %s is left", sums[p.Currency], p.Currency)
			}
			positions[i].Amount = sums[p.Currency]
		}
		if again, _ := balancing.Flatten(rule, positions, rates{}, now); len(again) != 0 {
			t.Errorf("the second time: %+v", again)
		}
	})
}

func TestAPositionWhoseRateIsOldIsNotDealt(t *testing.T) {
	deals, err := balancing.Flatten(rule, []balancing.Position{on(26, "EUR", "1")}, rates{}, time.Time{})
	if !errors.Is(err, balancing.ErrOldRate) || len(deals) != 1 || deals[0].Done() {
		t.Errorf("%+v, %v", deals, err)
	}
}
