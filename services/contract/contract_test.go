package contract_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

func TestBindingsBringATypeOfEveryOriginButForTypesWithOne(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(contract.Bindings(contract.JobDue, contract.LineCheckAuthorized, contract.StaticDelivered,
		contract.FailoverCommanded, contract.SessionEnded, contract.TradeRegistered))
	want := "[{fx.trade trade.registered.*} {fx.line linecheck.authorized.*} {fx.static static.delivered.*} " +
		"{fx.ops session.ended.*} {fx.ops failover.commanded.operations} {fx.ops job.due.batch}]"
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// All must list every type. The test searches types.go for each variable that is made by first.
func TestAllListsEveryType(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("types.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`= first\("([a-z.]+)"\)`).FindAllStringSubmatch(string(text), -1)
	var listed []string
	for _, typ := range contract.All() {
		listed = append(listed, typ.Name)
	}
	if len(declared) < 20 || len(declared) != len(listed) {
		t.Fatalf("%d types are declared, %d are listed", len(declared), len(listed))
	}
	for i, d := range declared {
		if d[1] != listed[i] {
			t.Errorf("type %d: %s is declared, %s is listed", i, d[1], listed[i])
		}
	}
}

func TestBindingsFromBringTheEventsOfOneOrigin(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(contract.BindingsFrom("alpha", contract.LineCheckCompleted, contract.TradeRegistered))
	if want := "[{fx.trade trade.registered.alpha} {fx.line linecheck.completed.alpha}]"; got != want {
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

// Rows and messages of older releases carry these ids: the values are fixed.
func TestIDsAreWhatTheyAlwaysWere(t *testing.T) {
	t.Parallel()
	if got, want := contract.TradeID("ALPHA", "R-1", "2026-11-24"), "512dfb2d-ca85-8113-b8d7-b78523ae4a16"; got != want {
		t.Errorf("trade: %s, want %s", got, want)
	}
	if got, want := contract.CheckID("ALPHA", "R-1", "2026-11-24"), "512de5b3-7683-8bda-b0cb-57dfa2cb66d5"; got != want {
		t.Errorf("check: %s, want %s", got, want)
	}
}

func TestAnIDOfBeforeBecomesTheOneOfItsTradeDate(t *testing.T) {
	const date = "2026-11-24"
	id := contract.TradeID("ALPHA", "R-1", date)
	for text, want := range map[string]string{"a7b3" + id[4:]: id, id: id, "7": "7", "": ""} {
		if got := contract.OfTradeDate(text, date); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
