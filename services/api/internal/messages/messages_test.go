package messages_test

import (
	"testing"
	"time"

	"fxcore/lambda/testkit/sample"
	"fxcore/services/api/internal/access"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func requested() messages.TradeRequested {
	return messages.TradeRequested{
		Request: messages.NewTradeRequest(blotter.Request{
			Reference: "user:U0001/key-0001", TradeDate: "2026-11-24", Client: "C000900", Product: "spot", Pair: "EUR/USD", Currency: "EUR",
			Legs: []blotter.RequestedLeg{{Side: "buy", Amount: "1000000", Rate: "1.0843", Tenor: "SPOT"}},
		}, noon),
		Caller: messages.NewCaller(access.Caller{User: "U0001", Desk: "FXS1", Roles: []string{access.Trader}}),
	}
}

// All readers are tested against the sample.
func TestTheSampleIsWhatIsPublished(t *testing.T) {
	t.Parallel()
	e, err := requested().Event(noon.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.TradeRequested, e)
}

// A request has the id and the digest that a gateway would give it, so a repeat is recognised everywhere.
func TestARequestIsIdentifiedAsEverywhere(t *testing.T) {
	t.Parallel()
	r := requested().Request
	if want := contract.TradeID("API", "user:U0001/key-0001", "2026-11-24"); r.TradeID != want {
		t.Errorf("id %s, want %s", r.TradeID, want)
	}
	want := contract.Digest("request", "C000900", "", "spot", "EUR/USD", "EUR", "", "buy", "1000000", "1.0843", "SPOT", "")
	if r.Digest != want {
		t.Errorf("digest %s, want %s", r.Digest, want)
	}
}
