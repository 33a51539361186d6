package steps_test

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
)

func TestTheStepsOfRequests(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	requests := steps.Requests(directory())
	requests.Clock = func() time.Time { return noon }
	first, same, other, late := spot("R1"), spot("R1"), spot("R1"), spot("R2")
	same.message, other.message, other.digest = "2", "3", "d2"
	var events []event.Event
	for _, o := range []order{first, same, other, late} {
		o.deadline = noon.Add(time.Minute)
		events = append(events, o.event(t))
	}
	events[3].Deadline = noon.Add(-time.Millisecond)
	withoutID := events[0]
	withoutID.ID, withoutID.Data = event.NewID(testkit.Day, "bad"), []byte(`{"request":{"trade_id":"7","digest":"d","trade_date":"2026-11-20"}}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps: requests, Migrations: store.Migrations, Events: events, Bad: []event.Event{withoutID},
	})
}
