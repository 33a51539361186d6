package messages_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/responsibility/internal/messages"
)

// Trading's sample of trade.registered has every field that responsibility needs.
func TestTradingsSampleIsRead(t *testing.T) {
	data := sample.Of(t, "services/trading/internal/messages", contract.TradeRegistered)
	trade, err := messages.ReadTrade(event.Event{ID: "1", Type: contract.TradeRegistered, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if trade.Validated.Product == "" || trade.Product() != trade.Validated.Product || trade.Authorized.Desk == "" {
		t.Errorf("product or desk is empty: %+v", trade)
	}
}

func TestATradeOfNoVersionIsRefused(t *testing.T) {
	e := event.Event{ID: "1", Type: contract.TradeRegistered, Data: []byte(
		`{"registered":{"trade_id":"1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1","version":0}}`)}
	if trade, err := messages.ReadTrade(e); err == nil {
		t.Errorf("read as %+v", trade)
	}
}
