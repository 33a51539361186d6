package messages

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestWithAddsASectionAndLeavesTheRestUntouched(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"request":{"echo": 1.50, "x":"é"}}`: `{"request":{"echo": 1.50, "x":"é"},"result":[1]}`,
		`{}`:                                  `{"result":[1]}`,
		"{ } \n":                              `{ "result":[1]}`,
	} {
		got, err := With(json.RawMessage(data), "result", []int{1})
		if err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("%s: %s, %v; want %s", data, got, err, want)
		}
	}
	for _, data := range []string{"", "[]", `"x"`} {
		if got, err := With(json.RawMessage(data), "result", 1); err == nil {
			t.Errorf("%q became %s", data, got)
		}
	}
	if _, err := With(json.RawMessage(`{}`), "result", func() {}); err == nil {
		t.Error("encoded a function")
	}
}

func TestWithKeepsEveryObjectReadable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.MapOf(rapid.StringMatching(`[a-q]{1,5}`), rapid.String()).Draw(t, "data")
		data, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		with, err := With(data, "section", "added")
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

func TestTheTopologyNamesWhatItPublishesWithASample(t *testing.T) {
	t.Parallel()
	for _, p := range Topology().Publishes {
		if p.Exchange == "" || p.Purpose == "" || !json.Valid(p.Sample) {
			t.Errorf("%+v", p)
		}
	}
}
