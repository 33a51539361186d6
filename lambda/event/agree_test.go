package event_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
)

// view is what a reader declares: text, numbers, lists, an object that may be missing, and a part taken as it is.
type view struct {
	Text   string          `json:"text"`
	Number int             `json:"number"`
	List   []string        `json:"list"`
	Part   *view           `json:"part"`
	Raw    json.RawMessage `json:"raw"`
}

// The decoder that we use is there for its speed; what data means is what encoding/json says. It may refuse more, but
// what it takes it must read the same.
func FuzzReadAgreesWithEncodingJSON(f *testing.F) {
	for _, data := range []string{
		`{"text":"a","number":1,"list":["b","\u00e4"],"part":{"text":"\n"},"raw":{"x":[1,2.5e3,null,true]}}`,
		`{}`, `{"text":null}`, `{"TEXT":"a"}`, `{"text":"a","text":"b"}`, ` { "raw" : [ ] } `, `{"number":1.0}`, `{"list":null}`,
		`{"text":"\ud800"}`, `{"unknown":{"deep":[[[]]]},"text":"a"}`, `{"text":"a"}}`, `{"number":99999999999999999999}`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ours, standard view
		if err := (event.Event{Data: data}).Read(&ours); err != nil {
			return
		}
		if err := json.Unmarshal(data, &standard); err != nil {
			t.Fatalf("%q is read, and is no JSON: %v", data, err)
		}
		if diff := cmp.Diff(standard, ours); diff != "" {
			t.Fatalf("%q (-encoding/json +ours):\n%s", data, diff)
		}
	})
}
