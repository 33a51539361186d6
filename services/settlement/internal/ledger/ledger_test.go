package ledger_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
)

var value = fxdate.NewDate(2026, 11, 26)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestAPostingSendsEachFlowItsWay(t *testing.T) {
	got := ledger.Posting("p", ledger.Deal, value, ledger.Desk("FXS1"), ledger.Client("C1"),
		ledger.Flow{Currency: "EUR", Amount: dec("1000")}, ledger.Flow{Currency: "JPY"}, ledger.Flow{Currency: "USD", Amount: dec("-1117.2")})
	want := []ledger.Transfer{
		{ID: ledger.ID{Posting: "p", Number: 1}, Reason: ledger.Deal, Currency: "EUR", Amount: dec("1000"), ValueDate: value, From: "desk/FXS1", To: "client/C1"},
		{ID: ledger.ID{Posting: "p", Number: 2}, Reason: ledger.Deal, Currency: "USD", Amount: dec("1117.2"), ValueDate: value, From: "client/C1", To: "desk/FXS1"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d transfers: %v", len(got), got)
	}
	for i := range want {
		if got[i].ID != want[i].ID || got[i].From != want[i].From || got[i].To != want[i].To || !got[i].Amount.Equal(want[i].Amount) ||
			got[i].Currency != want[i].Currency || got[i].Check() != nil {
			t.Errorf("%+v, want %+v, check %v", got[i], want[i], got[i].Check())
		}
	}
}

func TestATransferThatContradictsItselfIsInvalid(t *testing.T) {
	good := ledger.Transfer{ID: ledger.ID{Posting: "p", Number: 1}, Reason: ledger.Deal, Currency: "EUR", Amount: dec("1"), ValueDate: value, From: "desk/A", To: "desk/B"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*ledger.Transfer){
		"no posting":             func(x *ledger.Transfer) { x.Posting = "" },
		"amount zero":            func(x *ledger.Transfer) { x.Amount = decimal.Zero },
		"amount below zero":      func(x *ledger.Transfer) { x.Amount = dec("-1") },
		"one book":               func(x *ledger.Transfer) { x.To = x.From },
		"no book":                func(x *ledger.Transfer) { x.To = "" },
		"no currency":            func(x *ledger.Transfer) { x.Currency = "" },
		"no value date":          func(x *ledger.Transfer) { x.ValueDate = 0 },
		"a reversal of nothing":  func(x *ledger.Transfer) { x.Reason = ledger.Reversal },
		"a deal that takes back": func(x *ledger.Transfer) { x.Reverses = ledger.ID{Posting: "q", Number: 1} },
	} {
		bad := good
		spoil(&bad)
		if err := bad.Check(); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is booked and taken back, every book is at zero again.
func TestAReversalTakesEverythingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ledger.Flow {
			return ledger.Flow{
				Currency: rapid.SampledFrom([]string{"EUR", "USD", "JPY"}).Draw(t, "currency"),
				Amount:   decimal.New(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount"), -2),
			}
		}), 1, 5).Draw(t, "flows")
		booked := ledger.Posting("p", ledger.Deal, value, "desk/A", "client/B", flows...)
		sums := map[string]decimal.Decimal{}
		for _, x := range append(booked, ledger.Reverse("r", booked)...) {
			if err := x.Check(); err != nil {
				t.Fatal(err)
			}
			to, from := string(x.To)+x.Currency, string(x.From)+x.Currency
			sums[to], sums[from] = sums[to].Add(x.Amount), sums[from].Sub(x.Amount)
		}
		for book, sum := range sums {
			if !sum.IsZero() {
				t.Errorf("%s holds %s", book, sum)
			}
		}
	})
}
