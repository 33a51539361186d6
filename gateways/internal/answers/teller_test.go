package answers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// wire stands for engine and store. It keeps what is sent, in order, and is durable when the test says so.
type wire struct {
	mu       sync.Mutex
	sent     []string
	told     map[string]bool
	answers  map[string]store.Answer
	repeats  []event.Event // that wait
	released []int
	failing  int // so many calls of Send fail
	fenced   bool
	refused  map[string]bool // texts that Send does not take at the first attempt
	untold   map[string]bool // requests that an earlier holder has handed to the broker
	allErr   error
	waitErr  error
}

func newWire() *wire { return &wire{told: map[string]bool{}, answers: map[string]store.Answer{}} }

func (w *wire) Send(text string, cause *store.Cause) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing > 0 {
		w.failing--
		return errors.New("no room")
	}
	if w.fenced {
		return fmt.Errorf("send: %w", store.ErrFenced)
	}
	if w.refused[text] {
		delete(w.refused, text)
		return errors.New("no room")
	}
	if trade, pending := strings.CutPrefix(text, "pending "); pending {
		delete(w.untold, trade)
	}
	w.sent = append(w.sent, text)
	if cause.Event != "" {
		w.told[cause.Event] = true
	}
	if cause.Correlation != "" {
		w.answers[cause.Correlation] = store.Answer{Body: []byte(text)}
	}
	if cause.Repeat {
		w.repeats = slices.DeleteFunc(w.repeats, func(e event.Event) bool { return e.ID == cause.Event })
	}
	if cause.Confirms != 0 {
		w.released = append(w.released, cause.Confirms)
	}
	return nil
}

func (w *wire) Untold(correlation string) bool { return w.untold[correlation] }

func (w *wire) Answered(_ context.Context, ids []string) (map[string]bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string]bool{}
	for _, id := range ids {
		if w.told[id] {
			found[id] = true
		}
	}
	return found, nil
}

func (w *wire) Answers(_ context.Context, correlations []string) (map[string]store.Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string]store.Answer{}
	for _, c := range correlations {
		if a, ok := w.answers[c]; ok {
			found[c] = a
		}
	}
	return found, nil
}

func (w *wire) Keep(_ context.Context, e event.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.ContainsFunc(w.repeats, func(other event.Event) bool { return other.ID == e.ID }) {
		w.repeats = append(w.repeats, e)
	}
	return nil
}

func (w *wire) Open(context.Context) (correlations []string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.repeats {
		correlations = append(correlations, e.Correlation)
	}
	return correlations, nil
}

func (w *wire) Of(_ context.Context, correlation string) (waiting []event.Event, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.repeats {
		if e.Correlation == correlation {
			waiting = append(waiting, e)
		}
	}
	return waiting, nil
}

func (w *wire) Drop(_ context.Context, correlation string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.repeats = slices.DeleteFunc(w.repeats, func(e event.Event) bool { return e.Correlation == correlation })
	return nil
}

func (w *wire) Wait(context.Context, []*store.Cause) error { return w.waitErr }

func (w *wire) WaitAll(context.Context) error { return w.allErr }

func (w *wire) Confirm(_, seq int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.released = append(w.released, seq)
}

func (w *wire) lines() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.sent...)
}

// elsewhere is a type whose events are not for this gateway.
var elsewhere = event.Type{Name: "trade.elsewhere", Version: 1}

// words is a dialect of plain words: what happened, and to which trade.
type words struct {
	insist bool // on the final answer, to a request that came again after it
	late   bool // a pending answer can be made of a final event
}

func (words) FromEvent(e event.Event) (string, error) {
	if e.Type == elsewhere {
		return "", fmt.Errorf("answer: %w", story.ErrElsewhere)
	}
	if e.Type == contract.TradeBooked {
		return "", errors.New("no answer")
	}
	return e.Type.Name + " " + e.Correlation, nil
}

func (w words) Pending(e event.Event) (string, bool) {
	return "pending " + e.Correlation, w.late || e.Type == contract.TradeRequested
}

func (words) Again(given store.Answer, _ event.Event) (string, error) { return string(given.Body), nil }

func (words) Clash(e event.Event, standing *store.Answer) (string, error) {
	if standing == nil {
		return "clash " + e.Correlation, nil
	}
	return "clash " + e.Correlation + " beside " + string(standing.Body), nil
}

func (w words) Known(given store.Answer, _ *ingest.Request) (string, bool) {
	return string(given.Body), w.insist
}

// unconfirmed is what the broker has not confirmed.
type unconfirmed map[string]*ingest.Request

func (u unconfirmed) Find(correlation string) *ingest.Request { return u[correlation] }

func newTeller(t testing.TB, w *wire, u unconfirmed) *answers.Teller[string] {
	teller := answers.New[string]("ALPHA", testkit.Log(t))
	teller.Engine, teller.Kept, teller.Durable, teller.Received, teller.Unconfirmed, teller.Dialect = w, w, w, w, u, words{}
	teller.Repeats = w
	return teller
}

func id(parts ...any) string { return event.NewID(testkit.Day, fmt.Sprint(parts...)) }

func requested(seq int, trade string) *ingest.Request {
	return &ingest.Request{Seq: seq, Event: event.Event{
		ID: id("requested", seq), Type: contract.TradeRequested, Correlation: id(trade), Data: json.RawMessage(`{}`),
	}}
}

func happened(what event.Type, trade, data string) event.Event {
	return event.Event{
		ID: id(what.Name, trade, data), Type: what, Correlation: id(trade), Data: json.RawMessage(data),
	}
}

func handle(t *testing.T, teller *answers.Teller[string], events ...event.Event) []amqp.Result {
	t.Helper()
	results := teller.Handle(t.Context(), events)
	if len(results) != len(events) {
		t.Fatalf("%d results for %d events", len(results), len(events))
	}
	return results
}

func fine(t *testing.T, results []amqp.Result) {
	t.Helper()
	for _, r := range results {
		if r.Err != nil {
			t.Error(r.Err)
		}
	}
}

func expect(t *testing.T, w *wire, want ...string) {
	t.Helper()
	for i, line := range want { // "what trade"
		what, trade, _ := strings.Cut(line, " ")
		want[i] = what + " " + id(trade)
	}
	if diff := cmp.Diff(want, w.lines()); diff != "" {
		t.Errorf("-want +sent\n%s", diff)
	}
}

func run(t *testing.T, teller *answers.Teller[string]) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = teller.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

func TestAConfirmedRequestIsPending(t *testing.T) {
	w := newWire()
	w.failing = 1
	teller := newTeller(t, w, nil)
	run(t, teller)
	check := requested(3, "c")
	check.Event.Type = contract.LineCheckRequested
	teller.Confirmed([]*ingest.Request{requested(2, "a"), check, requested(4, "b")})
	testkit.Eventually(t, "the answers", 20*time.Second, func() error {
		if got := w.lines(); len(got) < 2 {
			return fmt.Errorf("%q", got)
		}
		return nil
	})
	expect(t, w, "pending a", "pending b")
	if diff := cmp.Diff([]int{2, 3, 4}, w.released); diff != "" {
		t.Error(diff)
	}
}

// A final answer may be faster than the broker's confirm. Then its pending answer is sent just before it, once.
func TestPendingBeforeFinal(t *testing.T) {
	for _, name := range []string{"not confirmed", "confirmed, not told"} {
		t.Run(name, func(t *testing.T) {
			w, u := newWire(), unconfirmed{}
			teller := newTeller(t, w, u)
			r := requested(2, "a")
			if name == "not confirmed" {
				u[id("a")] = r
			} else {
				teller.Confirmed([]*ingest.Request{r})
			}
			fine(t, handle(t, teller, happened(contract.TradeRegistered, "a", `{}`)))
			delete(u, id("a"))
			teller.Confirmed([]*ingest.Request{r})
			fine(t, handle(t, teller, happened(contract.TradeRegistered, "b", `{}`)))
			expect(t, w, "pending a", "trade.registered a", "trade.registered b")
			if len(w.released) == 0 || w.released[0] != 2 {
				t.Errorf("released %v", w.released)
			}
		})
	}
}

// An earlier holder of the session has handed a request to the broker, and ended before it could say that it is pending. The next holder
// says so just before the final answer, and once: also if that answer cannot be sent at the first attempt, and if the request comes again.
func TestTheNextHolderSaysPendingBeforeFinal(t *testing.T) {
	w := newWire()
	w.untold = map[string]bool{id("a"): true}
	teller := newTeller(t, w, nil)
	teller.Dialect = words{late: true}
	w.refused = map[string]bool{"trade.registered " + id("a"): true}
	final := happened(contract.TradeRegistered, "a", `{}`)
	fine(t, handle(t, teller, final, happened(contract.TradeRegistered, "b", `{}`)))
	again := requested(2, "a")
	again.PossDup = true
	teller.Confirmed([]*ingest.Request{again})
	fine(t, handle(t, teller, final, happened(contract.TradeRegistered, "c", `{}`)))
	expect(t, w, "pending a", "trade.registered a", "trade.registered b", "trade.registered c")
}

// After a crash a request comes again. If its final answer was sent before the crash, there is no pending answer to it.
func TestNoPendingAfterTheFinal(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "a", `{}`)))
	again := requested(2, "a")
	again.PossDup = true
	other := requested(3, "b")
	other.PossDup = true
	teller.Confirmed([]*ingest.Request{again, other})
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "c", `{}`)))
	expect(t, w, "trade.registered a", "pending b", "trade.registered c")
	if diff := cmp.Diff([]int{2, 3}, w.released); diff != "" {
		t.Error(diff)
	}
}

// Where the protocol has no other way to say that a request was received, the request gets its final answer again.
func TestTheFinalAgainWhereTheDialectInsists(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	teller.Dialect = words{insist: true}
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "a", `{}`)))
	again := requested(2, "a")
	again.PossDup = true
	teller.Confirmed([]*ingest.Request{again})
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "b", `{}`)))
	expect(t, w, "trade.registered a", "trade.registered a", "trade.registered b")
	if diff := cmp.Diff([]int{2}, w.released); diff != "" {
		t.Error(diff)
	}
}

func TestAnEventIsToldOnceHoweverOftenItComes(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	e := happened(contract.TradeRegistered, "a", `{}`)
	fine(t, handle(t, teller, e, e))
	fine(t, handle(t, teller, e))
	expect(t, w, "trade.registered a")
}

// A repeated request gets the final answer that was given; one about the repeat alone is no such answer. A repeat that is faster
// than the final answer gets it too.
func TestRepeat(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	fine(t, handle(t, teller, happened(contract.TradeRejected, "a", `{"rejected":{"code":"duplicate"}}`)))
	fine(t, handle(t, teller, happened(contract.TradeRepeated, "a", `{"n":1}`)))
	fine(t, handle(t, teller, happened(contract.TradeRegistered, "a", `{}`), happened(contract.TradeRepeated, "a", `{"n":2}`)))
	fine(t, handle(t, teller, happened(contract.TradeRejected, "b", `{"rejected":{"code":"holiday"}}`), happened(contract.TradeRepeated, "b", `{}`)))
	expect(t, w, "clash a", "trade.registered a", "trade.registered a", "trade.registered a", "trade.rejected b", "trade.rejected b")
}

func TestAnEventThatCanNotBeToldHarmsNoOther(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	odd := happened(contract.TradeRegistered, "b", `{}`)
	odd.ID = "not a uuid"
	results := handle(t, teller, happened(contract.TradeRegistered, "a", `{}`), happened(contract.TradeBooked, "a", `{}`), odd, happened(contract.TradeRegistered, "c", `{}`),
		happened(elsewhere, "d", `{}`))
	for i, wrong := range []bool{false, true, true, false, false} {
		if (results[i].Err != nil) != wrong {
			t.Errorf("event %d: %v", i, results[i].Err)
		}
	}
	expect(t, w, "trade.registered a", "trade.registered c")
}

func TestWhatIsNotDurableComesAgain(t *testing.T) {
	w := newWire()
	w.waitErr = store.ErrFenced
	results := handle(t, newTeller(t, w, nil), happened(contract.TradeRegistered, "a", `{}`))
	if !errors.Is(results[0].Err, store.ErrFenced) || !amqp.Released(results[0].Err) {
		t.Errorf("error %v, must be released", results[0].Err)
	}
}

// Once another instance holds the session, nothing waits any more. A wait would hold up the next holder.
func TestWhoHasLostTheSessionGivesUpAtOnce(t *testing.T) {
	w := newWire()
	w.fenced = true
	teller := newTeller(t, w, nil)
	results := handle(t, teller, happened(contract.TradeRegistered, "a", `{}`), happened(contract.TradeRegistered, "b", `{}`))
	for _, r := range results {
		if !errors.Is(r.Err, store.ErrFenced) || !amqp.Released(r.Err) {
			t.Errorf("error %v, must be released", r.Err)
		}
	}
	teller.Confirmed([]*ingest.Request{requested(2, "c")})
	if err := teller.Run(t.Context()); err != nil { // returns
		t.Error(err)
	}
	if sent := w.lines(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}

// In any order of confirms, final answers, repeats and redeliveries, a request gets one pending answer and then one final answer.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, u := newWire(), unconfirmed{}
		teller := newTeller(t, w, u)
		trades := []string{"a", "b", "c"}
		requests := map[string]*ingest.Request{}
		for i, trade := range trades {
			requests[trade] = requested(i+2, trade)
			u[id(trade)] = requests[trade]
		}
		confirm := func(trade string) {
			if r := u[id(trade)]; r != nil {
				delete(u, id(trade))
				teller.Confirmed([]*ingest.Request{r})
			}
		}
		final := func(trade string) {
			for _, r := range teller.Handle(t.Context(), []event.Event{happened(contract.TradeRegistered, trade, `{}`)}) {
				if r.Err != nil {
					rt.Fatal(r.Err)
				}
			}
		}
		for range rapid.IntRange(0, 20).Draw(rt, "steps") {
			trade := rapid.SampledFrom(trades).Draw(rt, "trade")
			rapid.SampledFrom([]func(string){confirm, final}).Draw(rt, "step")(trade)
		}
		for _, trade := range trades {
			confirm(trade)
			final(trade)
		}
		for _, trade := range trades {
			var got []string
			for _, line := range w.lines() {
				if strings.HasSuffix(line, id(trade)) {
					got = append(got, line)
				}
			}
			if diff := cmp.Diff([]string{"pending " + id(trade), "trade.registered " + id(trade)}, got); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
}

// An event that comes again is handled when its answer is durable, not when it is only in memory: else a crash would lose the answer.
func TestAnEventThatComesAgainWaitsForItsAnswer(t *testing.T) {
	w := newWire()
	teller := newTeller(t, w, nil)
	e := happened(contract.TradeRegistered, "a", "{}")
	if err := teller.Handle(t.Context(), []event.Event{e})[0].Err; err != nil {
		t.Fatal(err)
	}
	w.allErr = errors.New("not stored yet")
	if err := teller.Handle(t.Context(), []event.Event{e})[0].Err; !errors.Is(err, w.allErr) {
		t.Errorf("handled, although its answer is not stored: %v", err)
	}
	expect(t, w, "trade.registered a")
}
