package steps_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/responsibility/internal/steps"
	"fxcore/services/responsibility/internal/store"
)

func TestTheStepsOfRegisteredTrades(t *testing.T) {
	withoutID := registered(t, "bad", "1")
	withoutID.Data = []byte(`{"registered":{"trade_id":"7"}}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.Registered(desks()),
		Migrations: store.Migrations,
		Events:     []event.Event{registered(t, "1", "1"), registered(t, "2", "1"), registered(t, "1", "2"), registered(t, "3", "1")},
		Bad:        []event.Event{withoutID},
		AnyOrder:   true,
	})
}
