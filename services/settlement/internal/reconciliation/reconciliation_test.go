package reconciliation_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/reconciliation"
)

func line(currency, amount, from, to string) movement.Line {
	return movement.Line{Currency: currency, Amount: decimal.RequireFromString(amount), From: from, To: to}
}

func moved(state movement.State, reference string, lines ...movement.Line) *reconciliation.Moved {
	return &reconciliation.Moved{ID: "m", Reference: reference, Client: "C000001", ValueDate: "2026-11-26", Lines: lines, State: state}
}

func TestEveryWayToDiffer(t *testing.T) {
	eur, usd := line("EUR", "100", "S", "A"), line("USD", "111.72", "B", "S")
	theirs := *moved("", "M1", eur, usd)
	otherClient, otherDate := moved(movement.Made, "M1", eur, usd), moved(movement.Made, "M1", eur, usd)
	otherClient.Client, otherDate.ValueDate = "C000009", "2026-11-27"
	for name, c := range map[string]struct {
		ours *reconciliation.Moved
		want reconciliation.Kind
	}{
		"the same":                  {moved(movement.Made, "M1", eur, usd), ""},
		"lines in another order":    {moved(movement.Made, "M1", usd, eur), ""},
		"decimals in another form":  {moved(movement.Made, "M1", line("EUR", "100.00", "S", "A"), usd), ""},
		"we do not know it":         {nil, reconciliation.Extra},
		"we have no answer":         {moved(movement.Requested, "", eur, usd), reconciliation.Unanswered},
		"we hold it for refused":    {moved(movement.Refused, "", eur, usd), reconciliation.Unanswered},
		"it was settled by hand":    {moved(movement.ByHand, "CH1", eur, usd), reconciliation.Unanswered},
		"another reference":         {moved(movement.Made, "M2", eur, usd), reconciliation.Different},
		"another client":            {otherClient, reconciliation.Different},
		"another value date":        {otherDate, reconciliation.Different},
		"another amount":            {moved(movement.Made, "M1", line("EUR", "100.01", "S", "A"), usd), reconciliation.Different},
		"another account":           {moved(movement.Made, "M1", line("EUR", "100", "S", "X"), usd), reconciliation.Different},
		"the other direction":       {moved(movement.Made, "M1", line("EUR", "100", "A", "S"), usd), reconciliation.Different},
		"a line that they lack":     {moved(movement.Made, "M1", eur, usd, usd), reconciliation.Different},
		"a line that we have twice": {moved(movement.Made, "M1", eur, eur), reconciliation.Different},
	} {
		got, differs := reconciliation.Compare(c.ours, theirs)
		if differs != (c.want != "") || got.Kind != c.want {
			t.Errorf("%s: %q, want %q", name, got.Kind, c.want)
		}
	}
}

func TestAnEarlyMovementIsNotInTheLedgerYet(t *testing.T) {
	theirs := *moved("", "M1", line("EUR", "100", "S", "A"))
	early := theirs
	early.Early = true
	entry := ledger.Transfer{Currency: "EUR", Amount: decimal.RequireFromString("100"), From: "client/C", To: "account/A"}
	if d, differs := reconciliation.Books(nil, &early, theirs); differs {
		t.Errorf("nothing is booked: %+v", d)
	}
	if d, differs := reconciliation.Books([]ledger.Transfer{entry}, &early, theirs); !differs || d.Kind != reconciliation.Unbooked {
		t.Errorf("booked before its date: %+v, %v", d, differs)
	}
}

func TestTheLedgersEntriesAreThoseOfTheLines(t *testing.T) {
	theirs := *moved("", "M1", line("EUR", "100", "S", "A"), line("USD", "111.72", "N", "S"))
	entry := func(currency, amount string, from, to ledger.Book) ledger.Transfer {
		return ledger.Transfer{Currency: currency, Amount: decimal.RequireFromString(amount), From: from, To: to}
	}
	eur, usd := entry("EUR", "100", "client/C", "account/A"), entry("USD", "111.720", "nostro/USD", "client/C")
	for name, c := range map[string]struct {
		booked []ledger.Transfer
		same   bool
	}{
		"the same":             {[]ledger.Transfer{usd, eur}, true},
		"nothing is booked":    {nil, false},
		"one entry is missing": {[]ledger.Transfer{eur}, false},
		"one entry too many":   {[]ledger.Transfer{eur, usd, usd}, false},
		"another amount":       {[]ledger.Transfer{entry("EUR", "99", "client/C", "account/A"), usd}, false},
		"another account":      {[]ledger.Transfer{entry("EUR", "100", "client/C", "account/B"), usd}, false},
		"the other direction":  {[]ledger.Transfer{entry("EUR", "100", "account/A", "client/C"), usd}, false},
	} {
		if d, differs := reconciliation.Books(c.booked, nil, theirs); differs == c.same || differs && d.Kind != reconciliation.Unbooked {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
