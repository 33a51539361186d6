package refused

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

func book() *Book {
	bank := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) } // it may stand still
	return NewBook(Who{Provider: "ALPHA", Origin: "alpha", Session: "S", Source: "fix/1"}, bank)
}

func read(t *testing.T, n *store.Notice) (d Data) {
	t.Helper()
	if n == nil {
		t.Fatal("no notice")
	}
	if err := n.Event.Validate(); err != nil || n.Event.Type != contract.MessageRefused || n.Event.Origin != "alpha" || n.Event.Source != "fix/1" {
		t.Errorf("%+v, %v", n.Event, err)
	}
	if err := n.Event.Read(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

// A flood is told up to a bound, each message under an id of its own, and the rest of the minute by its number under one id. The next
// minute begins anew.
func TestAFloodIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := book()
		ids := map[string]int{}
		for minute := range 2 {
			for i := range mostAMinute + 40 {
				n := b.Note(Message{Protocol: "socket", Sequence: 7, Code: "busy"})
				d := read(t, n)
				ids[n.Event.ID]++
				if left := max(0, i-mostAMinute+1); d.LeftOut != left || (d.Reason.Code == LeftOut) != (left > 0) || (n.Wait > 0) != (left > 0) {
					t.Fatalf("minute %d, refusal %d: %+v, waits %s", minute, i, d, n.Wait)
				}
				if at := time.Now().Add(n.Wait); n.Wait > 0 && at.Before(time.Now().Truncate(time.Minute).Add(time.Minute)) {
					t.Fatalf("the count is published at %s, within its minute", at)
				}
			}
			time.Sleep(time.Minute) // fake time
		}
		if len(ids) != 2*(mostAMinute+1) {
			t.Errorf("%d ids", len(ids))
		}
	})
}

// Whatever a provider writes, what is told is bounded and can be stored.
func TestWhatIsToldIsBounded(t *testing.T) {
	t.Parallel()
	d := read(t, book().Note(Message{
		Protocol: "FIX.4.4", Sequence: 1 << 62, Reference: strings.Repeat("\x00é\xff", 100), Code: "373=5", Text: strings.Repeat("\x01x", 1_000),
		Bytes: bytes.Repeat([]byte{0, 255}, MaxBytes), Size: 70_000,
	}))
	if len(d.Original.Bytes) != MaxBytes || d.Original.Size != 70_000 || d.Original.Sequence != 1<<62 || d.Original.Session != "S" {
		t.Errorf("%d bytes of %d, %+v", len(d.Original.Bytes), d.Original.Size, d.Original.Sequence)
	}
	texts := d.Reason.Text + d.Reference
	if len(d.Reason.Text) > maxText || len(d.Reference) > maxReference || !utf8.ValidString(texts) || strings.ContainsAny(texts, "\x00\x01\uFFFD") {
		t.Errorf("%q %q", d.Reason.Text, d.Reference)
	}
}

// The sample is what this package makes.
func TestTheSample(t *testing.T) {
	t.Parallel()
	var d Data
	n := book().Note(Message{})
	n.Event.Data = sample.Of(t, "gateways/internal/refused", contract.MessageRefused)
	if err := n.Event.Read(&d); err != nil || d.Provider == "" || d.Original.Size != len(d.Original.Bytes) || d.Reason.Code == "" || d.Reference == "" {
		t.Errorf("%+v, %v", d, err)
	}
}
