package messages_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
)

// TestViewsReadTheProducersSamples reads each producer's sample with the view of it.
func TestViewsReadTheProducersSamples(t *testing.T) {
	authorized := func(e event.Event) error { _, err := messages.ReadAuthorized(e); return err }
	reserved := func(e event.Event) error { _, err := messages.ReadReserved(e); return err }
	rejected := func(e event.Event) error { _, err := messages.ReadRejected(e); return err }
	assigned := func(e event.Event) error { _, err := messages.ReadAssigned(e); return err }
	booked := func(e event.Event) error { _, err := messages.ReadBooked(e); return err }
	refused := func(e event.Event) error { _, err := messages.ReadRefused(e); return err }
	cases := []struct {
		producer string
		typ      event.Type
		read     func(event.Event) error
	}{
		{"services/auth", contract.TradeAuthorized, authorized},
		{"services/linecheck", contract.TradeReserved, reserved},
		{"services/auth", contract.TradeRejected, rejected},
		{"services/linecheck", contract.TradeRejected, rejected},
		{"services/trading", contract.TradeRejected, rejected},
		{"services/responsibility", contract.TradeAssigned, assigned},
		{"gateways/mainframe", contract.TradeBooked, booked},
		{"gateways/mainframe", contract.TradeRefused, refused},
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

// TestViewsHoldWhatTheSampleSays compares the fields, because a view without fields would pass the test above.
func TestViewsHoldWhatTheSampleSays(t *testing.T) {
	e := event.Event{Type: contract.TradeReserved, Data: sample(t, "services/linecheck", contract.TradeReserved)}
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

func TestPublicationsHaveASampleAndAPurpose(t *testing.T) {
	for _, p := range messages.Publications() {
		if !json.Valid(p.Sample) || p.Purpose == "" {
			t.Errorf("%s: sample %s", p.Type, p.Sample)
		}
	}
}

// A fact names the version that it is about. A fact without a version is about version 1.
func TestAFactIsAboutAVersion(t *testing.T) {
	const rest = `"trade_id":"1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1","desk":"FXS1"}`
	for data, want := range map[string]int{`{` + rest: 1, `{"version":1,` + rest: 1, `{"version":2,` + rest: 2, `{"version":0,` + rest: 0, `{"version":-1,` + rest: 0} {
		e := event.Event{ID: "1", Type: contract.TradeAssigned, Time: time.Now(), Data: json.RawMessage(data)}
		got, err := messages.ReadAssigned(e)
		if want > 0 && (err != nil || got.Version != want) || want == 0 && err == nil {
			t.Errorf("%s: version %d, %v", data, got.Version, err)
		}
	}
}
