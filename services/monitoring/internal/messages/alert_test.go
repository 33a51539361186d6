package messages_test

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/messages"
)

func TestAnAlertIsPublishedWithWhatItsRuleSays(t *testing.T) {
	var told []event.Event
	teller := messages.Teller{Source: "monitoring/1", Now: time.Now, Publish: func(_ context.Context, events ...event.Event) error {
		told = append(told, events...)
		return nil
	}}
	since := time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)
	a := alert.Alert{
		Key: "instance_silent:auth-1", Rule: "instance_silent", Subject: "auth-1", State: alert.Firing, Since: since, Value: 16,
		Text: "no heartbeat of auth-1 for three intervals (fx_instance_silent_seconds is 16)",
	}
	for range 2 {
		if err := teller.Tell(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	a.State, a.ClearedAt = alert.Cleared, since.Add(time.Minute)
	if err := teller.Tell(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if told[0].ID != told[1].ID || told[0].ID == told[2].ID || told[2].Origin != contract.Operations {
		t.Errorf("%v", told)
	}
	sample.Is(t, "samples", contract.AlertRaised, told[0])
	sample.Is(t, "samples", contract.AlertCleared, told[2])
}
