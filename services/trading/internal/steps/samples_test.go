package steps_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// Readers are tested against the samples, so these must be what the service really publishes.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	raw, err := os.ReadFile("testdata/trade.authorized.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	asked := newEvent(t, contract.TradeAuthorized, "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1", json.RawMessage(bytes.TrimSpace(raw)))
	of := requests(dealing(t))

	validated := decide(t, of, asked)[0]
	sample.Is(t, "../messages/samples", contract.TradeValidated, validated)
	registered := decide(t, of, reserved(t, validated, now.Add(30*time.Second)))[0]
	sample.Is(t, "../messages/samples", contract.TradeRegistered, registered)
	onHoliday := asked
	onHoliday.Data = bytes.Replace(asked.Data, []byte(`"tenor": "1M", "value_date": ""`), []byte(`"tenor": "", "value_date": "2026-12-25"`), 1)
	sample.Is(t, "../messages/samples", contract.TradeRejected, decide(t, of, onHoliday)[0])
}
