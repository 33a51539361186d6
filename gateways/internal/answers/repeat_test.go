package answers_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// repeated is the n-th repeat of a line check, published just now: the broker keeps it for a while.
func repeated(check string, n int) event.Event {
	e := happened(contract.LineCheckRepeated, check, fmt.Sprintf(`{"n":%d}`, n))
	e.Time = time.Now()
	return e
}

// The same request again gets the same answer again, once each, however close it follows the first: in any order of the final
// answer and the repeats, and with whatever the broker delivers again.
func TestTheSameRequestAgainGetsOneAnswerEach(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWire()
		teller := newTeller(t, w, nil)
		events := []event.Event{happened(contract.LineCheckCompleted, "a", `{}`), repeated("a", 1), repeated("a", 2), repeated("a", 3)}
		var again []event.Event
		for _, e := range rapid.Permutation(events).Draw(rt, "order") {
			failed := teller.Handle(t.Context(), []event.Event{e})[0].Err != nil
			if failed || rapid.Bool().Draw(rt, "delivered again") {
				again = append(again, e)
			}
		}
		for _, result := range teller.Handle(t.Context(), again) {
			if result.Err != nil {
				rt.Error(result.Err)
			}
		}
		if lines := w.lines(); len(lines) != len(events) {
			rt.Errorf("%d answers to %d requests: %q", len(lines), len(events), lines)
		}
	})
}

// The broker keeps a repeat that waits, in case this instance fails, and gives it to the next one. It does not keep it so long that
// it would report a fault.
func TestARepeatThatWaitsIsKeptByTheBroker(t *testing.T) {
	w := newWire()
	first := newTeller(t, w, nil)
	young, old := repeated("a", 1), repeated("a", 2)
	old.Time = old.Time.Add(-time.Minute)
	results := handle(t, first, young, old)
	if results[0].Err == nil {
		t.Error("a young repeat is not kept")
	}
	if results[1].Err != nil {
		t.Errorf("an old repeat: %v", results[1].Err)
	}
	next := newTeller(t, w, nil)
	fine(t, handle(t, next, happened(contract.LineCheckCompleted, "a", `{}`), young))
	expect(t, w, "linecheck.completed a", "linecheck.completed a")
}

// A request that came by another door is answered there, and so are its repeats.
func TestARepeatOfWhatIsAnsweredElsewhereWaitsNoMore(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	old := repeated("a", 1)
	old.Time = time.Time{}
	fine(t, handle(t, teller, old, happened(elsewhere, "a", `{}`), happened(contract.LineCheckCompleted, "a", `{}`)))
	expect(t, w, "linecheck.completed a")
}

// The rejection of a repeat that asks for something else says how the standing request stands.
func TestAClashShowsWhatStands(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	duplicate := happened(contract.TradeRejected, "a", `{"rejected":{"code":"duplicate"}}`)
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "a", `{}`), duplicate))
	want := []string{"trade.registered " + id("a"), "clash " + id("a") + " beside trade.registered " + id("a")}
	if got := w.lines(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %q, want %q", got, want)
	}
}
