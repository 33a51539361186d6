package answers_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// repeated is the n-th repeat of a line check.
func repeated(check string, n int) event.Event {
	return happened(contract.LineCheckRepeated, check, fmt.Sprintf(`{"n":%d}`, n))
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

// A repeat that waits is handled: the broker need not keep it, however long the decision takes. It is stored, so the next holder of
// the session answers it. One that the broker delivers again is not answered again.
func TestARepeatThatWaitsIsAnsweredByTheNextHolder(t *testing.T) {
	w := newWire()
	young, old := repeated("a", 1), repeated("a", 2)
	old.Time = time.Now().Add(-time.Hour)
	fine(t, handle(t, newTeller(t, w, nil), young, old, young))
	next := resumed(t, w)
	fine(t, handle(t, next, young))
	if sent := w.lines(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
	fine(t, handle(t, next, happened(contract.LineCheckCompleted, "a", `{}`), young, old))
	expect(t, w, "linecheck.completed a", "linecheck.completed a", "linecheck.completed a")
}

// The last holder has sent the final answer, and ended before it answered the repeats that waited for it.
func TestTheNextHolderAnswersTheRepeatsOfADecidedRequest(t *testing.T) {
	w := newWire()
	waits := repeated("a", 1)
	w.repeats = []event.Event{waits}
	final := happened(contract.LineCheckCompleted, "a", `{}`)
	w.told[final.ID], w.answers[id("a")] = true, store.Answer{Body: []byte("linecheck.completed " + id("a"))}
	next := resumed(t, w)
	expect(t, w, "linecheck.completed a")
	fine(t, handle(t, next, final, waits))
	expect(t, w, "linecheck.completed a")
}

// resumed is the teller of the next holder.
func resumed(t *testing.T, w *wire) *answers.Teller[string] {
	t.Helper()
	next := newTeller(t, w, nil)
	if err := next.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	return next
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
