package messages_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
)

// TestViewsReadTheProducersSamples holds each view against what its producers say that they publish.
func TestViewsReadTheProducersSamples(t *testing.T) {
	authorized := func(e event.Event) error { _, err := messages.ReadAuthorized(e); return err }
	reserved := func(e event.Event) error { _, err := messages.ReadReserved(e); return err }
	rejected := func(e event.Event) error { _, err := messages.ReadRejected(e); return err }
	fact := func(e event.Event) error { _, err := messages.ReadFact(e); return err }
	cases := []struct {
		producer string
		typ      event.Type
		read     func(event.Event) error
	}{
		{"services/auth", messages.TradeAuthorized, authorized},
		{"services/linecheck", messages.TradeReserved, reserved},
		{"services/auth", messages.TradeRejected, rejected},
		{"services/linecheck", messages.TradeRejected, rejected},
		{"services/trading", messages.TradeRejected, rejected},
		{"services/responsibility", messages.TradeAssigned, fact},
		{"gateways/mainframe", messages.TradeBooked, fact},
		{"gateways/mainframe", messages.TradeRefused, fact},
	}
	for _, c := range cases {
		t.Run(c.producer+" "+c.typ.String(), func(t *testing.T) {
			e := event.Event{ID: "sample", Type: c.typ, Time: time.Now(), Data: sample(t, c.producer, c.typ)}
			if err := c.read(e); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestViewsHoldWhatTheSampleSays: a view that reads nothing would pass the test above.
func TestViewsHoldWhatTheSampleSays(t *testing.T) {
	e := event.Event{Type: messages.TradeReserved, Data: sample(t, "services/linecheck", messages.TradeReserved)}
	r, err := messages.ReadReserved(e)
	if err != nil {
		t.Fatal(err)
	}
	leg := r.Validated.Legs[0]
	if r.Request.Provider == "" || r.Request.Reference == "" || r.Request.Client == "" || r.Request.TransactedAt.IsZero() ||
		r.Request.Currency == "" || r.Request.Product == "" || r.Reserved.ExpiresAt.IsZero() {
		t.Errorf("request or reservation is not read: %+v", r)
	}
	if leg.ValueDate == "" || leg.Base == "" || leg.BaseSide == "" || !leg.BaseAmount.IsPositive() || !leg.QuoteAmount.IsPositive() ||
		!leg.Rate.IsPositive() || !r.Validated.ReferenceRate.IsPositive() || r.Validated.ReferenceAsOf.IsZero() || !r.Validated.USDAmount.IsPositive() {
		t.Errorf("what was validated is not read: %+v", r.Validated)
	}
}

func sample(t *testing.T, producer string, typ event.Type) json.RawMessage {
	t.Helper()
	path := filepath.Join("../../../..", producer, "internal/messages/samples", typ.String()+".json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTopologyPublishesWhatItSamples(t *testing.T) {
	for _, p := range messages.Topology().Publishes {
		if !json.Valid(p.Sample) || p.Purpose == "" {
			t.Errorf("%s: sample %s", p.Type, p.Sample)
		}
	}
}
