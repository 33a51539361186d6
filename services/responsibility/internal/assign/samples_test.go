package assign_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/responsibility/internal/messages"
)

var update = flag.Bool("update", false, "write the sample")

// The sample that readers are tested against is what is really published.
func TestTheSampleIsWhatIsPublished(t *testing.T) {
	data, err := os.ReadFile("testdata/trade.registered.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(messages.TradeRegistered, event.NewID("sample"), "alpha", "sample", json.RawMessage(bytes.TrimSpace(data)))
	if err != nil {
		t.Fatal(err)
	}
	result := replica(t, schema(t), "1", desks()).Handle(t.Context(), []event.Event{e})[0]
	assigned(t, result)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, result.Emit[0].Data, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	compare(t, "../messages/samples/"+messages.TradeAssigned.String()+".json", pretty.Bytes())
}

func compare(t *testing.T, path string, published []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, published, 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(stored), string(published)); diff != "" {
		t.Errorf("%s is not what is published (go test -update writes it):\n%s", path, diff)
	}
}
