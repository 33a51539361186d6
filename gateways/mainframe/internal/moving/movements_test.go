package moving

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// sampleMovement is a request of settlement: C000001 sells a euro for a dollar and ten cents, long before the cut-off.
const sampleMovement = `{
  "movement_id": "ID",
  "attempt": 1,
  "value_date": "2026-11-26",
  "client": "C000001",
  "lines": [
    {"currency": "EUR", "amount": "1", "from": "C000001-EUR", "to": "FXSETTLE-EUR"},
    {"currency": "USD", "amount": "1.1", "from": "FXSETTLE-USD", "to": "C000001-USD"}
  ],
  "not_after": "2100-11-26T15:00:00Z"
}`

func movementID(n int) string { return event.NewID(testkit.Day, "movement", fmt.Sprint(n)) }

// movement returns the n-th request of a story, with parts of its text replaced.
func movement(t testing.TB, n int, oldNew ...string) event.Event {
	t.Helper()
	text := strings.Replace(sampleMovement, "ID", movementID(n), 1)
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			t.Fatalf("the sample has no %s", oldNew[i])
		}
		text = strings.Replace(text, oldNew[i], oldNew[i+1], 1)
	}
	id := event.NewID(testkit.Day, "requested", fmt.Sprint(n), text)
	e, err := event.New(contract.MovementRequested, id, contract.Batch, movementID(n), json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Settlement's own sample has all that the record needs.
func TestSettlementsSampleFitsTheRecord(t *testing.T) {
	data := sample.Of(t, "services/settlement/internal/messages", contract.MovementRequested)
	e, err := event.New(contract.MovementRequested, event.NewID(testkit.Day, "sample"), contract.Batch, "sample", data)
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := records.NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(nil, layouts, testkit.Log(t)).prepare(e, new(amqp.Result)); err != nil {
		t.Error(err)
	}
	asked, err := messages.ReadMovement(e)
	if err != nil || asked.Client == "" || len(asked.Lines) < 2 || !asked.Lines[0].Amount.IsPositive() {
		t.Errorf("%+v, %v", asked, err)
	}
}
