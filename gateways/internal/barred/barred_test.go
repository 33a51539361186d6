package barred_test

import (
	"testing"
	"time"

	"fxcore/gateways/internal/barred"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func said(t *testing.T, kind event.Type, at time.Time) event.Event {
	t.Helper()
	e, err := event.New(kind, event.NewID(event.DayOf(at), kind.Name, at.String()), "fix", "c", map[string]any{
		"provider": "ALPHA", "at": at, "by": "U0003", "why": "its key was stolen",
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The newest word counts: events that come again, or late and in another order, change nothing. All instances follow, a new one too.
func TestTheNewestWordCounts(t *testing.T) {
	t.Parallel()
	pool := postgrestest.Schema(t, barred.Migrations)
	looks := 0
	here := &barred.List{Pool: pool, Log: testkit.Log(t), Changed: func() { looks++ }}
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for i, step := range []struct {
		kind   event.Type
		at     time.Time
		barred bool
	}{
		{contract.SessionBarred, noon, true},
		{contract.SessionBarred, noon, true},
		{contract.SessionAdmitted, noon.Add(-time.Minute), true},
		{contract.SessionAdmitted, noon.Add(time.Minute), false},
		{contract.SessionBarred, noon, false},
		{contract.SessionBarred, noon.Add(2 * time.Minute), true},
	} {
		for _, result := range here.Handle(t.Context(), []event.Event{said(t, step.kind, step.at)}) {
			if result.Err != nil {
				t.Fatal(result.Err)
			}
		}
		if here.Has("ALPHA") != step.barred {
			t.Errorf("step %d: barred %t", i, !step.barred)
		}
	}
	if looks != 3 {
		t.Errorf("the connections were looked at %d times", looks)
	}
	other := &barred.List{Pool: pool, Log: testkit.Log(t), Changed: func() {}}
	if err := other.Read(t.Context()); err != nil || !other.Has("ALPHA") || other.Has("BETA") {
		t.Errorf("another instance: ALPHA %t, BETA %t, %v", other.Has("ALPHA"), other.Has("BETA"), err)
	}
}

// What lacks who said it, or when, is not followed.
func TestABarNeedsAName(t *testing.T) {
	t.Parallel()
	list := &barred.List{Pool: postgrestest.Schema(t, barred.Migrations), Log: testkit.Log(t), Changed: func() {}}
	e, err := event.New(contract.SessionBarred, event.NewID(event.DayOf(time.Now()), "x"), "fix", "c", map[string]any{"provider": "ALPHA", "at": time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if list.Handle(t.Context(), []event.Event{e})[0].Err == nil || list.Has("ALPHA") {
		t.Error("it was followed")
	}
}
