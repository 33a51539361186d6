package steps

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// Readers are tested against the samples, so these must be what the service really publishes.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	sample.Is(t, "../messages/samples", contract.TradeReserved, published(t, contract.TradeValidated, nil))
	sample.Is(t, "../messages/samples", contract.LineCheckCompleted, published(t, contract.LineCheckAuthorized, nil))
	sample.Is(t, "../messages/samples", contract.TradeRejected, published(t, contract.TradeValidated, narrow))
	sample.Is(t, "../messages/samples", contract.LineCheckRejected, published(t, contract.LineCheckAuthorized, narrow))
	sample.Is(t, "../messages/samples", contract.JobDue, message(t, contract.JobDue, "sample", "", time.Time{}, messages.Job{Job: messages.ExpireReservations, Due: noon}))
	sample.Is(t, "../messages/samples", contract.WhatIfAnswered, answeredSample(t, contract.WhatIfRequested))
	sample.Is(t, "../messages/samples", contract.LinesDelivered, answeredSample(t, contract.LinesRequested))
	sample.Is(t, "../messages/samples", contract.ReservationsLeft, message(t, contract.ReservationsLeft, "sample", "", time.Time{}, messages.SessionEnded{Provider: "SANDBOX44", Until: noon, Part: 1}))
}

// answeredSample returns the answer to the API's sample of a question.
func answeredSample(t *testing.T, typ event.Type) event.Event {
	t.Helper()
	e := produced(t, "api", typ, noon.Add(time.Second))
	e.Time = noon
	s := snapshot()
	s.Limits[line.Node{Level: line.Dealer, ID: "U0001"}] = s.Limits[line.Node{Level: line.Desk, ID: "FXS1"}] // who asks in the samples
	emitted := handle(t, asking(t, schema(t), static{snapshot: s}), e)
	if len(emitted) != 1 {
		t.Fatalf("%s led to %v", typ, emitted)
	}
	return emitted[0]
}

func published(t *testing.T, typ event.Type, change func(*world)) event.Event {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", typ.String()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	if change != nil {
		change(w)
	}
	emitted, err := w.deliver(sampled(message(t, typ, "sample", "", noon.Add(time.Minute), json.RawMessage(data))))
	if err != nil || len(emitted) != 1 {
		t.Fatalf("%s led to %v, %v", typ, emitted, err)
	}
	return emitted[0]
}

func narrow(w *world) {
	w.static.snapshot.Limits[line.Node{Level: line.Client, ID: "C000001"}] = usd(line.Limit{Amount: dec("1000")})
	w.static.snapshot.Holdings = nil
}

// linecheck can read the samples of every producer.
func TestTheProducersSamplesAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		producer string
		typ      event.Type
		want     string
	}{
		{"trading", contract.TradeValidated, "trade.reserved "},
		{"trading", contract.TradeRegistered, ""},
		{"trading", contract.TradeRejected, ""},
		{"auth", contract.TradeRejected, ""},
		{"linecheck", contract.TradeRejected, ""},
		{"auth", contract.LineCheckAuthorized, "linecheck.completed approved"},
	} {
		if got := newWorld(t).verdict(produced(t, c.producer, c.typ, noon.Add(time.Minute))); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.typ, c.producer, got, c.want)
		}
	}
}
