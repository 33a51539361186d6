package messages_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
)

// The gateways' samples have every field that the rules need.
func TestTheGatewaysSamplesAreRead(t *testing.T) {
	for gateway, origin := range map[string]string{"fix": "sandbox44", "socket": "sandboxs"} {
		t.Run(gateway, func(t *testing.T) { readSamples(t, "gateways/"+gateway+"/internal/messages", origin) })
	}
}

func readSamples(t *testing.T, producer, origin string) {
	for _, typ := range []event.Type{contract.TradeRequested, contract.LineCheckRequested} {
		t.Run(typ.Name, func(t *testing.T) {
			r, err := messages.ReadRequest(event.Event{ID: "1", Type: typ, Origin: origin, Data: sample.Of(t, producer, typ)})
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{
				"id": r.ID(), "reference": r.Reference, "trade_date": r.TradeDate, "provider": r.Provider, "client": r.Client,
				"product": r.Product, "pair": r.Pair, "currency": r.Currency, "amount": r.Amounts()[0], "digest": r.Digest,
			} {
				if value == "" {
					t.Errorf("%s is empty", name)
				}
			}
			if typ == contract.LineCheckRequested && r.Action == "" {
				t.Error("action is empty")
			}
		})
	}
}
