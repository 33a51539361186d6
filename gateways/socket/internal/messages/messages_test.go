package messages_test

import (
	"encoding/json"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/internal/dialect"
	"fxcore/gateways/socket/internal/messages"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// The samples are what the dialect makes of a provider's message. All readers are tested against them.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	for kind, request := range map[event.Type]message.Request{
		contract.TradeRequested: &message.TradeRequest{
			RequestHead: message.RequestHead{Sequence: 7, Reference: "ORDER-1"},
			Terms: message.Terms{
				TransactedAt: noon, Client: "C000900", Product: message.Spot, Pair: "EUR/USD", Currency: "EUR", QuoteID: "Q-1",
				Legs: []message.Leg{{Side: message.Buy, Amount: "1000000", Rate: "1.08432"}},
			},
		},
		contract.LineCheckRequested: &message.LineCheck{
			RequestHead: message.RequestHead{Sequence: 8, Reference: "CHECK-1"}, Action: message.Reserve, TransactedAt: noon,
			Client: "C000900", Pair: "EUR/USD", Currency: "EUR", Side: message.Buy, Amount: "1000000", Tenor: "1M",
			ExpiresAt: noon.Add(5 * time.Minute),
		},
	} {
		t.Run(kind.Name, func(t *testing.T) {
			e, err := dialect.New("SANDBOXS", "sandboxs", time.Minute).ToEvent(request, func(string, string) string { return "id" }, noon)
			if err != nil {
				t.Fatal(err)
			}
			e, err = story.Original{Protocol: "socket", Session: "SANDBOXS", Sequence: int(request.Head().Sequence), Bytes: []byte("what came")}.Beside(e)
			if err != nil {
				t.Fatal(err)
			}
			sample.Is(t, "samples", kind, e)
		})
	}
}

// A request by socket has the digest that it has over FIX. It is the same trade, whichever gateway it comes by.
func TestTheSameRequestOverFIXHasTheSameDigest(t *testing.T) {
	for _, kind := range []event.Type{contract.TradeRequested, contract.LineCheckRequested} {
		var digests []string
		for _, gateway := range []string{"socket", "fix"} {
			var data struct {
				Request struct {
					Digest string `json:"digest"`
				} `json:"request"`
			}
			if err := json.Unmarshal(sample.Of(t, "gateways/"+gateway+"/internal/messages", kind), &data); err != nil {
				t.Fatal(err)
			}
			digests = append(digests, data.Request.Digest)
		}
		if digests[0] != digests[1] || digests[0] == "" {
			t.Errorf("%s: %q", kind, digests)
		}
	}
}

// Each provider has one queue. It is named and bound in lower case, by six keys that end with the provider.
func TestTopology(t *testing.T) {
	gatewaytest.ExpectQueues(t, messages.Topology("ALPHA", "SANDBOXS"), "alpha", "socket.alpha", "socket.sandboxs", "socket.moves")
}
