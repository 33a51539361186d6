package messages_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/messages"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// The samples are what the dialect makes of a provider's message. All readers are tested against them.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	for kind, body := range map[event.Type]string{
		contract.TradeRequested: "35=D|34=7|49=SANDBOX44|56=FXCORE|52=20261124-12:00:00|11=ORDER-1|1=C000900|55=EUR/USD|54=1|" +
			"60=20261124-12:00:00.000|38=1000000|40=D|44=1.08432|15=EUR|63=0|117=Q-1|",
		contract.LineCheckRequested: "35=UDF|34=8|49=SANDBOX44|56=FXCORE|52=20261124-12:00:00|2318=CHECK-1|2320=0|2321=0|2323=0|2324=1000000|" +
			"15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|60=20261124-12:00:00.000|",
	} {
		t.Run(kind.Name, func(t *testing.T) {
			sample.Is(t, "samples", kind, published(t, body))
		})
	}
}

func published(t *testing.T, body string) event.Event {
	t.Helper()
	msg := quickfix.NewMessage()
	raw := wire.Build("FIX.4.4", []byte(strings.ReplaceAll(body, "|", "\x01")))
	if err := quickfix.ParseMessage(msg, bytes.NewBuffer(raw)); err != nil {
		t.Fatal(err)
	}
	in, refusal := dialect.New(dialect.Settings{}).ToEvent(dialect.Session{Provider: "SANDBOX44", BeginString: "FIX.4.4"}, func(string) string { return "id" }, noon, msg)
	if refusal != nil {
		t.Fatal(refusal)
	}
	e, err := story.Original{Protocol: "FIX.4.4", Session: "FIX.4.4:FXCORE->SANDBOX44", Sequence: wire.SeqNum(raw), Bytes: wire.Original(raw)}.Beside(in.Event)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Each provider has one queue. It is named and bound in lower case, by six keys that end with the provider.
func TestTopology(t *testing.T) {
	gatewaytest.ExpectQueues(t, messages.Topology("ALPHA", "SANDBOX44"), "alpha", "fix.alpha", "fix.sandbox44", "fix.moves")
}
