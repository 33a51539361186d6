package inbox

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"fxcore/lambda/event"
)

// Whatever a handler emits, also what repeats nothing of its cause, is read from its row as it was.
func TestARowGivesBackWhatWasEmitted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cause := drawn(t, "cause")
		var emitted []event.Event
		for range rapid.IntRange(0, 3).Draw(t, "emitted") {
			e := drawn(t, "own")
			if rapid.Bool().Draw(t, "adds to its cause") {
				e.Data = append(cause.Data[:len(cause.Data)-1:len(cause.Data)-1], `,"more":`...)
				e.Data = append(append(e.Data, drawn(t, "more").Data...), '}')
			}
			emitted = append(emitted, e)
		}
		row := appendEmitted(nil, cause, emitted)
		got, err := readEmitted(row, cause)
		if diff := cmp.Diff(emitted, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		if cut := rapid.IntRange(0, len(row)).Draw(t, "cut"); cut < len(row) {
			if got, err := readEmitted(row[:cut], cause); err == nil && len(got) >= len(emitted) {
				t.Fatalf("a row cut at %d of %d gave everything", cut, len(row))
			}
		}
	})
}

func TestACauseWithOtherDataIsNoMixture(t *testing.T) {
	cause := event.Event{ID: "1", Data: json.RawMessage(`{"amount":"10"}`)}
	e, err := event.New(event.Type{Name: "a", Version: 1}, "2", "origin", "story", json.RawMessage(`{"amount":"10","more":1}`))
	if err != nil {
		t.Fatal(err)
	}
	row := appendEmitted(nil, cause, []event.Event{e})
	cause.Data = json.RawMessage(`{"amount":"99"}`)
	if got, err := readEmitted(row, cause); err == nil {
		t.Errorf("read %s", got[0].Data)
	}
}

func FuzzReadEmitted(f *testing.F) {
	cause := event.Event{Data: json.RawMessage(`{"a":1}`)}
	f.Add([]byte{})
	f.Add([]byte{2, '{', '}', 9, 0})
	f.Fuzz(func(_ *testing.T, row []byte) {
		_, _ = readEmitted(row, cause) // must not panic, whatever the row
	})
}

func drawn(t *rapid.T, label string) event.Event {
	text := rapid.StringMatching(`[a-z]{1,12}`)
	data, err := json.Marshal(map[string]string{text.Draw(t, label+" key"): text.Draw(t, label+" value")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(event.Type{Name: text.Draw(t, label), Version: 1}, text.Draw(t, label+" id"), "origin", "story", json.RawMessage(data))
	if err != nil {
		t.Fatal(err)
	}
	return e
}
