package variation

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamedDialectsAreValid(t *testing.T) {
	all := Named()
	for name, v := range all {
		if err := v.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !all[StandardIs].Standard() || all["compact"].Standard() {
		t.Errorf("%+v", all)
	}
}

// What is read and written again is what was sent, whatever it is; and nothing is read that was not agreed.
func TestRenamingsCanBeUndone(t *testing.T) {
	compact := Named()["compact"]
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom([]Variation{{}, compact, {Symbols: "EUR-USD"}, {Symbols: "EUR/USD"}}).Draw(t, "dialect")
		sent := rapid.SampledFrom([]string{"EURUSD", "EUR/USD", "EUR-USD", "GBPJPY", "XX", "", "EUR//USD"}).Draw(t, "symbol")
		if pair, agreed := v.Pair(sent); agreed && v.Symbol(pair) != sent {
			t.Fatalf("%q is read as %q and written as %q", sent, pair, v.Symbol(pair))
		}
		sent = rapid.SampledFrom([]string{"SP", "0", "W1", "1W", "18M", "B", "BD", ""}).Draw(t, "tenor")
		if tenor, agreed := v.Tenor(sent); agreed && v.SettlType(tenor) != sent {
			t.Fatalf("%q is read as %q and written as %q", sent, tenor, v.SettlType(tenor))
		}
	})
	if _, agreed := compact.Pair("EUR/USD"); agreed {
		t.Error("a notation that was not agreed is read")
	}
	if _, agreed := compact.Tenor("W1"); agreed {
		t.Error("a tenor that was not agreed is read")
	}
}

func TestTheFaultyKeyOfADialectIsNamed(t *testing.T) {
	for says, v := range map[string]Variation{
		`symbols: "USDEUR"`:                  {Symbols: "USDEUR"},
		`symbols: "EUR--USD"`:                {Symbols: "EUR--USD"},
		`symbols: "EUR=USD"`:                 {Symbols: "EUR=USD"},
		`tenors: "SP": "SPOT"`:               {Tenors: map[string]string{"SP": "SPOT"}},
		`tenors: "7D" and "W" are both "W1"`: {Tenors: map[string]string{"7D": "W1", "W": "W1"}},
		`tenors: "1=W"`:                      {Tenors: map[string]string{"1=W": "W1"}},
		"account_tag: 100":                   {AccountTag: 100},
		`check_types: ["D" "U2"]`:            {CheckTypes: [2]string{"D", "U2"}},
		`check_types: ["U1" "U1"]`:           {CheckTypes: [2]string{"U1", "U1"}},
		`check_types: ["U1" ""]`:             {CheckTypes: [2]string{"U1", ""}},
	} {
		if err := v.Validate(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %s", err, says)
		}
	}
}
