package messages

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The sample is what datasync would publish: it has all fields of the type and no other.
func TestSampleIsWhatIsPublished(t *testing.T) {
	sample := Publications()[0].Sample
	var data Requested
	strict := json.NewDecoder(bytes.NewReader(sample))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&data); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, sample); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(again)); diff != "" {
		t.Error(diff)
	}
}
