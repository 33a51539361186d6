package dialect

import (
	"testing"
	"time"

	"fxcore/gateways/socket/message"
	"fxcore/services/contract"
)

// A consumption names its trade by our id, or by the provider's own reference of the same trade date. The core gets the trade's
// id, as from a consumption over FIX that says the same by 1080 and 1081. A consumption for another trade is another request.
func TestAConsumptionNamesItsTrade(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	done := contract.TradeID("SANDBOXS", "R-1", "2026-11-24")
	digests := map[string]string{}
	for _, c := range []struct{ id, reference, want string }{{"", "", ""}, {done, "", done}, {"", "R-1", done}} {
		consumption := &message.LineCheck{
			RequestHead: message.RequestHead{Sequence: 1, Reference: "L-2"}, Action: message.Consume, TransactedAt: noon, Client: "C000900",
			ReservationReference: "L-1", ForTradeID: c.id, ForTradeReference: c.reference,
		}
		e, err := New("SANDBOXS", "sandboxs", time.Minute).ToEvent(consumption, func(string, string) string { return "id" }, noon)
		if err != nil {
			t.Fatal(err)
		}
		var got CheckRequested
		if err := e.Read(&got); err != nil {
			t.Fatal(err)
		}
		if got.Request.ForTrade != c.want {
			t.Errorf("id %q, reference %q: for trade %q, want %q", c.id, c.reference, got.Request.ForTrade, c.want)
		}
		if first, seen := digests[c.want]; seen && first != got.Request.Digest {
			t.Errorf("id %q, reference %q: the same consumption has another digest", c.id, c.reference)
		}
		digests[c.want] = got.Request.Digest
	}
	if digests[""] == digests[done] {
		t.Error("a consumption for a trade has the digest of one for none")
	}
}
