package witness

import (
	"testing"
	"time"

	"fxcore/gateways/socket/message"
	"fxcore/scripts/internal/desk"
)

func TestABrokenDateTravelsAsAValueDate(t *testing.T) {
	r := desk.Request{
		Reference: "B-1", Time: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), Client: "C000001", Pair: "USD/SAR", Currency: "USD", Buy: true, Amount: "5000",
		Near: desk.Leg{Settlement: "B", Date: "2026-12-11", Rate: "3.75"},
	}
	written, sent := SocketRequest(r)
	trade, ok := written.(*message.TradeRequest)
	if !ok || trade.Legs[0].ValueDate != "2026-12-11" || trade.Legs[0].Tenor != "" || sent.Product != "forward" {
		t.Errorf("%+v, %+v", written, sent)
	}
}
