package obligation_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/obligation"
)

func good() obligation.Obligation {
	return obligation.Obligation{Terms: obligation.Terms{
		Client: "C1", ValueDate: fxdate.NewDate(2026, 11, 26),
		Base:  ledger.Flow{Currency: "EUR", Amount: decimal.NewFromInt(-100)},
		Quote: ledger.Flow{Currency: "USD", Amount: decimal.NewFromInt(111)},
	}}
}

func TestALegExchangesTwoCurrenciesAgainstEachOther(t *testing.T) {
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*obligation.Obligation){
		"no client":       func(o *obligation.Obligation) { o.Client = "" },
		"no value date":   func(o *obligation.Obligation) { o.ValueDate = 0 },
		"one currency":    func(o *obligation.Obligation) { o.Quote.Currency = "EUR" },
		"no currency":     func(o *obligation.Obligation) { o.Base.Currency = "" },
		"both are paid":   func(o *obligation.Obligation) { o.Quote.Amount = o.Quote.Amount.Neg() },
		"nothing is paid": func(o *obligation.Obligation) { o.Base.Amount = decimal.Zero },
	} {
		o := good()
		spoil(&o)
		if err := o.Check(); !errors.Is(err, obligation.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADealWithoutADeskIsInABookOfItsOwn(t *testing.T) {
	for _, entry := range good().Deal("p") {
		if entry.From != "desk/unassigned" && entry.To != "desk/unassigned" {
			t.Errorf("%+v", entry)
		}
	}
}

func TestLegsHaveAnOrder(t *testing.T) {
	first := obligation.Ref{TradeID: "a", Version: 1, Leg: 1}
	for _, later := range []obligation.Ref{{TradeID: "a", Version: 1, Leg: 2}, {TradeID: "a", Version: 2, Leg: 1}, {TradeID: "b", Version: 1, Leg: 1}} {
		if !first.Less(later) || later.Less(first) || first.Less(first) {
			t.Errorf("%v and %v", first, later)
		}
	}
}
