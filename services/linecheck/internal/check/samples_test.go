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

// The samples that readers are tested against are what is really published for what others really publish.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	compare(t, published(t, "trading", messages.TradeValidated, nil))
	compare(t, published(t, "auth", messages.LineCheckAuthorized, nil))
	compare(t, published(t, "trading", messages.TradeValidated, narrow))
	compare(t, published(t, "auth", messages.LineCheckAuthorized, narrow))
	job := message(t, messages.JobDue, "sample", "", time.Time{}, messages.Job{Job: messages.ExpireReservations, Due: noon})
	compare(t, job)
}

func published(t *testing.T, producer string, typ event.Type, change func(*world)) event.Event {
	t.Helper()
	w := newWorld(t)
	if change != nil {
		change(w)
	}
	emitted, err := w.deliver(sample(t, producer, typ, deadline))
	if err != nil || len(emitted) != 1 {
		t.Fatalf("%s of %s: %v, %v", typ, producer, emitted, err)
	}
	return emitted[0]
}

func narrow(w *world) {
	w.static.snapshot.Limits[line.Node{Level: line.Client, ID: "C000001"}] = line.Limit{Amount: dec("1000")}
	w.static.snapshot.Holdings = nil
}

// What others tell of trades is understood, whoever tells it.
func TestOthersSamplesAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		producer string
		typ      event.Type
	}{
		{"trading", messages.TradeRegistered}, {"trading", messages.TradeRejected}, {"auth", messages.TradeRejected}, {"linecheck", messages.TradeRejected},
	} {
		w := newWorld(t)
		if emitted, err := w.deliver(sample(t, c.producer, c.typ, time.Time{})); err != nil || len(emitted) != 0 {
			t.Errorf("%s of %s: %v, %v", c.typ, c.producer, emitted, err)
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
