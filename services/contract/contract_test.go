package contract_test

import (
	"fmt"
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

func TestBindingsBringATypeOfEveryOriginButForTypesWithOne(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(contract.Bindings(contract.TradeRegistered, contract.LineCheckAuthorized, contract.StaticDelivered,
		contract.SessionEnded, contract.JobDue, contract.FailoverCommanded))
	want := "[{fx.trade trade.registered.*} {fx.line linecheck.authorized.*} {fx.static static.delivered.*} " +
		"{fx.ops session.ended.*} {fx.ops job.due.batch} {fx.ops failover.commanded.operations}]"
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestATypeOfAnUnknownNounIsADefect(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an exchange was found")
		}
	}()
	contract.Exchange(event.Type{Name: "weather.changed", Version: 1})
}

func TestIDsAreUUIDsInLowerCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"0190b2c0-1111-8222-8333-444455556666":   true,
		"0190B2C0-1111-8222-8333-444455556666":   false,
		"0190b2c0111182228333444455556666":       false,
		"{0190b2c0-1111-8222-8333-444455556666}": false,
		"":                                       false,
		"7":                                      false,
		contract.TradeID("ALPHA", "R-1", "2026-11-24"): true,
		contract.CheckID("ALPHA", "R-1", "2026-11-24"): true,
	} {
		if contract.IsID(text) != want || (contract.CheckIsID("id", text) == nil) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
	if contract.TradeID("A", "1", "2026-11-24") == contract.CheckID("A", "1", "2026-11-24") {
		t.Error("a trade and a check share an id")
	}
}
