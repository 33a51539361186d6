package messages

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// Each sample is what the gateway would publish: it has all fields of the type and no other.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	check := map[event.Type]func(testing.TB, []byte){
		contract.TradeBooked: sample.HasFieldsOf[Booked], contract.TradeRefused: sample.HasFieldsOf[Refused],
		contract.ReversalBooked: sample.HasFieldsOf[ReversalBooked], contract.ReversalRefused: sample.HasFieldsOf[ReversalRefused],
		contract.MovementMade: sample.HasFieldsOf[MovementMade], contract.MovementRefused: sample.HasFieldsOf[MovementRefused],
		contract.StatementDelivered: sample.HasFieldsOf[StatementDelivered], contract.StaticDelivered: sample.HasFieldsOf[Delivered],
	}
	for _, p := range Topology().Publishes {
		check[p.Type](t, p.Sample)
	}
	if len(Topology().Publishes) != len(check) {
		t.Errorf("%d types are published, %d tested", len(Topology().Publishes), len(check))
	}
}

func TestOnlyWhatChangesTheBooksIsForOneReplicaAtATime(t *testing.T) {
	for _, q := range Topology().Queues {
		if q.SingleActive != (q.Name == Bookings || q.Name == Reversals || q.Name == Movements) {
			t.Errorf("%s: single active is %v", q.Name, q.SingleActive)
		}
	}
}
