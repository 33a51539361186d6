package messages

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Each sample is what the gateway would publish: it has all fields of the type and no other.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	data := map[event.Type]any{contract.TradeBooked: &Booked{}, contract.TradeRefused: &Refused{}, contract.StaticDelivered: &Delivered{}}
	for _, p := range Topology().Publishes {
		view := data[p.Type]
		strict := json.NewDecoder(bytes.NewReader(p.Sample))
		strict.DisallowUnknownFields()
		if err := strict.Decode(view); err != nil {
			t.Fatalf("%s: %v", p.Type, err)
		}
		again, err := json.Marshal(view)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(generic(t, p.Sample), generic(t, again)); diff != "" {
			t.Errorf("%s: %s", p.Type, diff)
		}
	}
	if len(Topology().Publishes) != len(data) {
		t.Errorf("%d types are published, %d tested", len(Topology().Publishes), len(data))
	}
}

func generic(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOnlyBookingsAreForOneReplicaAtATime(t *testing.T) {
	for _, q := range Topology().Queues {
		if q.SingleActive != (q.Name == Bookings) {
			t.Errorf("%s: single active is %v", q.Name, q.SingleActive)
		}
	}
}
