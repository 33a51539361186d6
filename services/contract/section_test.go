package contract_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func TestWithSectionAddsASectionAndLeavesTheRestUntouched(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"request":{"echo": 1.50, "x":"é"}}`: `{"request":{"echo": 1.50, "x":"é"},"result":[1]}`,
		`{}`:                                  `{"result":[1]}`,
		"{ } \n":                              `{ "result":[1]}`,
	} {
		got, err := contract.WithSection(json.RawMessage(data), "result", []int{1})
		if err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("%s: %s, %v; want %s", data, got, err, want)
		}
	}
	for _, data := range []string{"", "[]", `"x"`} {
		if got, err := contract.WithSection(json.RawMessage(data), "result", 1); err == nil {
			t.Errorf("%q became %s", data, got)
		}
	}
	if _, err := contract.WithSection(json.RawMessage(`{}`), "result", func() {}); err == nil {
		t.Error("encoded a function")
	}
}

func TestWithSectionKeepsEveryObjectReadable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.MapOf(rapid.StringMatching(`[a-q]{1,5}`), rapid.String()).Draw(t, "data")
		data, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		with, err := contract.WithSection(data, "section", "added")
		if err != nil {
			t.Fatal(err)
		}
		after := map[string]string{}
		if err := json.Unmarshal(with, &after); err != nil {
			t.Fatal(err)
		}
		before["section"] = "added"
		if len(after) != len(before) || after["section"] != "added" {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestNextRepeatsTheDataAndFollowsItsCause(t *testing.T) {
	t.Parallel()
	cause := event.Event{
		ID: event.NewID(testkit.Day, "1"), Type: contract.TradeAuthorized, Origin: "alpha", Correlation: "t", Data: []byte(`{"request":{}}`),
	}
	next, err := contract.Next(cause, contract.TradeValidated, "validated", map[string]int{"n": 1})
	if err != nil || len(next) != 1 || string(next[0].Data) != `{"request":{},"validated":{"n":1}}` || next[0].Causation != cause.ID {
		t.Errorf("%+v, %v", next, err)
	}
	if _, err := contract.Next(cause, contract.TradeValidated, "validated", func() {}); err == nil {
		t.Error("encoded a function")
	}
}
