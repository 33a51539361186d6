package check

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
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

var update = flag.Bool("update", false, "write the samples")

// The samples that readers are tested against are what is really published.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	compare(t, published(t, messages.TradeValidated, nil))
	compare(t, published(t, messages.LineCheckAuthorized, nil))
	compare(t, published(t, messages.TradeValidated, narrow))
	compare(t, published(t, messages.LineCheckAuthorized, narrow))
	compare(t, message(t, messages.JobDue, "sample", "", time.Time{}, messages.Job{Job: messages.ExpireReservations, Due: noon}))
	compare(t, message(t, messages.ProviderLeft, "sample", "", time.Time{}, messages.SessionEnded{Provider: "SANDBOX44", Until: noon, Part: 1}))
}

func published(t *testing.T, typ event.Type, change func(*world)) event.Event {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", typ.String()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	if change != nil {
		change(w)
	}
	emitted, err := w.deliver(message(t, typ, "sample", "", noon.Add(time.Minute), json.RawMessage(data)))
	if err != nil || len(emitted) != 1 {
		t.Fatalf("%s led to %v, %v", typ, emitted, err)
	}
	return emitted[0]
}

func narrow(w *world) {
	w.static.snapshot.Limits[line.Node{Level: line.Client, ID: "C000001"}] = line.Limit{Amount: dec("1000")}
	w.static.snapshot.Holdings = nil
}

// What the producers say is understood, whoever says it.
func TestTheProducersSamplesAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		producer string
		typ      event.Type
		want     string
	}{
		{"trading", messages.TradeValidated, "trade.reserved "},
		{"trading", messages.TradeRegistered, ""},
		{"trading", messages.TradeRejected, ""},
		{"auth", messages.TradeRejected, ""},
		{"linecheck", messages.TradeRejected, ""},
		{"auth", messages.LineCheckAuthorized, "linecheck.completed approved"},
	} {
		if got := newWorld(t).verdict(sample(t, c.producer, c.typ, noon.Add(time.Minute))); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.typ, c.producer, got, c.want)
		}
	}
}

func compare(t *testing.T, e event.Event) {
	t.Helper()
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
