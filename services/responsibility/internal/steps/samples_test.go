package steps_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// Readers are tested against the sample, so it must be what the service really publishes.
func TestTheSampleIsWhatIsPublished(t *testing.T) {
	data, err := os.ReadFile("testdata/trade.registered.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "sample"), "alpha", "sample", json.RawMessage(bytes.TrimSpace(data)))
	if err != nil {
		t.Fatal(err)
	}
	result := replica(t, schema(t), "1", desks()).Handle(t.Context(), []event.Event{e})[0]
	assigned(t, result)
	sample.Is(t, "../messages/samples", contract.TradeAssigned, result.Emit[0])
}
