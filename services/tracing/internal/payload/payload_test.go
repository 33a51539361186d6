package payload_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fxcore/services/tracing/internal/payload"
)

func key() payload.Key { return payload.NewKey(bytes.Repeat([]byte{7}, payload.KeySize)) }

func TestFactsAreFound(t *testing.T) {
	got := payload.Read([]byte(`{"request":{"provider":"ALPHA","reference":"R-1","client":"C1","legs":[{"client":"C2"}]},"rejected":{"code":"no_line","text":"no \"room\""}}`))
	want := payload.Facts{Client: "C1", Provider: "ALPHA", Reference: "R-1", Code: "no_line", Text: `no \"room\"`}
	if got != want {
		t.Errorf("found %+v, want %+v", got, want)
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	for _, name := range []string{"password", "sealed", "secret", "id_token", "554", "925"} {
		for _, value := range []string{`"open sesame"`, `{"a":"sesame"}`, `["sesame"]`, `17`} {
			text := `{"a":[{"` + name + `":` + value + `,"b":1}],"c":"x"}`
			kept := payload.Keep("m", []byte(text), nil)
			if want := `{"a":[{"` + name + `":"(masked)","b":1}],"c":"x"}`; string(kept) != want {
				t.Errorf("of %s is kept %s", text, kept)
			}
		}
	}
}

func TestPersonalDataAreSealedAndOpened(t *testing.T) {
	k, text := key(), []byte(`{"client":"C1","account":"CH-4711","echo":{"11":"R","x":["y"]},"legs":[{"from":"A","to":"B"}],"bytes":"OD1G"}`)
	kept := payload.Keep("m", text, &k)
	if !json.Valid(kept) {
		t.Fatalf("kept %s", kept)
	}
	for _, lost := range []string{"4711", `"A"`, "OD1G", `"11"`} {
		if strings.Contains(string(kept), lost) {
			t.Errorf("%s is readable in %s", lost, kept)
		}
	}
	if opened, err := payload.Open(kept, k); err != nil || string(opened) != string(text) {
		t.Errorf("opened %s, %v", opened, err)
	}
	opened, err := payload.Open(kept, payload.Key{})
	if want := `{"client":"C1","account":"(shredded)","echo":"(shredded)","legs":[{"from":"(shredded)","to":"(shredded)"}],"bytes":"(shredded)"}`; err != nil || string(opened) != want {
		t.Errorf("without the key: %s, %v", opened, err)
	}
	gone := payload.Key{}
	if kept := payload.Keep("m", text, &gone); strings.Contains(string(kept), "4711") {
		t.Errorf("after the key was removed, %s is kept", kept)
	}
	if other := payload.NewKey(bytes.Repeat([]byte{8}, payload.KeySize)); true {
		if _, err := payload.Open(kept, other); err == nil {
			t.Error("another key opens it")
		}
	}
}

// Whatever is sealed is opened again as it was, and what is kept is JSON.
func TestAnyObjectIsOpenedAsItWas(t *testing.T) {
	names := rapid.SampledFrom([]string{"account", "client", "echo", "x", "to", `q"uote`})
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		leaf := rapid.OneOf(rapid.Map(rapid.String(), func(s string) any { return s }), rapid.Map(rapid.Int(), func(i int) any { return i }), rapid.Just[any](nil), rapid.Just[any](true))
		if depth == 0 {
			return leaf
		}
		return rapid.OneOf(leaf, rapid.Map(rapid.MapOfN(names, value(depth-1), 0, 4), func(m map[string]any) any { return m }),
			rapid.Map(rapid.SliceOfN(value(depth-1), 0, 3), func(s []any) any { return s }))
	}
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.MarshalIndent(rapid.MapOfN(names, value(3), 0, 5).Draw(t, "object"), "", rapid.SampledFrom([]string{"", " "}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		k := key()
		kept := payload.Keep("m", text, &k)
		if !json.Valid(kept) {
			t.Fatalf("of %s is kept %s", text, kept)
		}
		if opened, err := payload.Open(kept, k); err != nil || string(opened) != string(text) {
			t.Fatalf("%s is opened as %s, %v", text, opened, err)
		}
	})
}

func FuzzNothingPanics(f *testing.F) {
	f.Add([]byte(`{"a":{"b":["c",1,{"password":"x"}]}}`))
	f.Add([]byte(`{"a`))
	f.Fuzz(func(t *testing.T, text []byte) {
		k := key()
		payload.Read(text)
		kept := payload.Keep("m", text, &k)
		_, _ = payload.Open(kept, k)
		if json.Valid(text) && !json.Valid(kept) {
			t.Errorf("of %s is kept %s", text, kept)
		}
	})
}
