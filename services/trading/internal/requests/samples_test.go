package requests_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
)

var update = flag.Bool("update", false, "write the samples")

// The samples that readers are tested against are what is really published.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	raw, err := os.ReadFile("testdata/trade.authorized.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	asked := newEvent(t, messages.TradeAuthorized, "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1", json.RawMessage(bytes.TrimSpace(raw)))
	h := handler(t, marketAt(t, now))

	validated := decide(t, h, now, asked)[0]
	compare(t, messages.TradeValidated, validated)
	registered := decide(t, h, now, reserved(t, validated, now.Add(30*time.Second)))[0]
	compare(t, messages.TradeRegistered, registered)
	onHoliday := asked
	onHoliday.Data = bytes.Replace(asked.Data, []byte(`"tenor": "1M", "value_date": ""`), []byte(`"tenor": "", "value_date": "2026-12-25"`), 1)
	compare(t, messages.TradeRejected, decide(t, h, now, onHoliday)[0])
}

func compare(t *testing.T, want event.Type, e event.Event) {
	t.Helper()
	if e.Type != want {
		t.Fatalf("published %s, want %s: %s", e.Type, want, e.Data)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, e.Data, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	path := filepath.Join("..", "messages", "samples", e.Type.String()+".json")
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(stored), pretty.String()); diff != "" {
		t.Errorf("%s is not what is published (go test -update writes it):\n%s", path, diff)
	}
}
