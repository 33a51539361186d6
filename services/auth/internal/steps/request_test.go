package steps_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/contract"
)

func TestEachRequestHasOneAnswer(t *testing.T) {
	blocked, large, garbled, late := spot("blocked"), spot("large"), spot("garbled"), spot("late")
	blocked.client, large.amount, garbled.amount = "C000902", "1e9", "a lot"
	late.deadline = time.Now().Add(-time.Millisecond)
	events := []event.Event{spot("fine").event(t), blocked.event(t), large.event(t), garbled.event(t), late.event(t)}
	got := verdicts(t, replica(t, schema(t), "1"), events...)
	want := []string{"authorized", "rejected client_blocked", "rejected size_exceeded", "rejected invalid_amount", "rejected expired"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A report is flagged where a request is refused, and has no deadline. Later services find the client's group and desk, and the flags.
func TestAReportIsAuthorizedWithFlags(t *testing.T) {
	e := spot("R-1").event(t)
	e.Deadline = time.Now().Add(-time.Hour)
	e.Data = []byte(strings.NewReplacer(`"kind":"request"`, `"kind":"report"`, `"C000001"`, `"C000902"`, `"amount":"1000000"`, `"amount":"1000000000"`).Replace(string(e.Data)))
	results := replica(t, schema(t), "1").Handle(t.Context(), []event.Event{e})
	if got := verdict(t, results[0]); got != "authorized" {
		t.Fatal(got)
	}
	var told struct {
		Authorized messages.Terms `json:"authorized"`
	}
	if err := results[0].Emit[0].Read(&told); err != nil {
		t.Fatal(err)
	}
	flags := told.Authorized.Flags
	if len(flags) != 2 || flags[0].Flag != "client_blocked" || flags[1].Flag != "size_exceeded" || flags[1].Text == "" || told.Authorized.Desk == "" {
		t.Errorf("%+v", told.Authorized)
	}
}

// A report that the bank's data do not allow to decide yet waits. It comes back, and is the first request of its id all the same.
func TestAReportWaitsForStaticData(t *testing.T) {
	pool, e := schema(t), spot("R-1").event(t)
	e.Data = []byte(strings.Replace(string(e.Data), `"kind":"request"`, `"kind":"report"`, 1))
	without := directory()
	without.Clients.Records = nil
	early := steps.Requests(without).Handler(pool, "auth/early", testkit.Log(t))
	for range 2 {
		if r := early.Handle(t.Context(), []event.Event{e})[0]; !amqp.Waits(r.Err) {
			t.Fatalf("%+v", r)
		}
	}
	if got := verdict(t, replica(t, pool, "1").Handle(t.Context(), []event.Event{e})[0]); got != "authorized" {
		t.Error(got)
	}
	if !steps.Topology().Queues[0].Waits {
		t.Error("thousands of reports may wait, and each comes back every second")
	}
}

func TestARedeliveryIsAnsweredTheSameHoweverLate(t *testing.T) {
	pool := schema(t)
	e := spot("again").event(t)
	first := replica(t, pool, "1").Handle(t.Context(), []event.Event{e})
	if got := verdict(t, first[0]); got != "authorized" {
		t.Fatalf("first answer: %s", got)
	}
	e.Deadline = time.Now().Add(-time.Millisecond) // as if the message came after the deadline
	second := replica(t, pool, "2").Handle(t.Context(), []event.Event{e})
	if diff := cmp.Diff(first[0].Emit[0].ID, second[0].Emit[0].ID); diff != "" {
		t.Error(diff)
	}
	if got := verdict(t, second[0]); got != "authorized" {
		t.Errorf("late redelivery: %s", got)
	}
}

func TestOneReferenceMeansOneRequest(t *testing.T) {
	first, same, other := spot("R1"), spot("R1"), spot("R1")
	same.message, other.message, other.digest = "2", "3", "d2"
	events := []event.Event{first.event(t), same.event(t), other.event(t)}
	want := []string{"authorized", "repeated", "rejected duplicate"}
	t.Run("in one batch", func(t *testing.T) {
		if diff := cmp.Diff(want, verdicts(t, replica(t, schema(t), "1"), events...)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("one by one, at two replicas, and all again", func(t *testing.T) {
		pool := schema(t)
		one, two := replica(t, pool, "1"), replica(t, pool, "2")
		for range 2 {
			got := append(verdicts(t, one, events[0]), verdicts(t, two, events[1:]...)...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
	t.Run("a repeat after the deadline is a repeat", func(t *testing.T) {
		pool := schema(t)
		late := same
		late.deadline = time.Now().Add(-time.Hour)
		got := append(verdicts(t, replica(t, pool, "1"), events[0]), verdicts(t, replica(t, pool, "2"), late.event(t))...)
		if diff := cmp.Diff(want[:2], got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestABadEventDoesNotTouchItsNeighbours(t *testing.T) {
	bad := spot("bad").event(t)
	cases := map[string]func(*event.Event){
		"no request":        func(e *event.Event) { e.Data = []byte(`{}`) },
		"request is a list": func(e *event.Event) { e.Data = []byte(`{"request":[]}`) },
		"no trade id":       func(e *event.Event) { e.Data = []byte(`{"request":{"digest":"d","trade_date":"2026-11-20"}}`) },
		"id is no UUID": func(e *event.Event) {
			e.Data = []byte(`{"request":{"trade_id":"7","digest":"d","trade_date":"2026-11-20"}}`)
		},
		"no digest": func(e *event.Event) {
			e.Data = []byte(`{"request":{"trade_id":"` + e.ID + `","trade_date":"2026-11-20"}}`)
		},
		"no trade date":  func(e *event.Event) { e.Data = []byte(`{"request":{"trade_id":"` + e.ID + `","digest":"d"}}`) },
		"another's type": func(e *event.Event) { e.Type = contract.TradeAuthorized },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			e := bad
			spoil(&e)
			got := verdicts(t, replica(t, schema(t), "1"), spot("before").event(t), e, spot("after").event(t))
			if diff := cmp.Diff([]string{"authorized", "error", "authorized"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
