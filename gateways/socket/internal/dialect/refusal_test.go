package dialect

import (
	"fmt"
	"testing"
	"time"

	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// The socket protocol has the core's own codes. Each one reaches the provider unchanged, and fits its field.
func TestEachReasonReachesTheProviderUnchanged(t *testing.T) {
	t.Parallel()
	for _, code := range reason.All() {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			trade, ok := overTheWire(t, contract.TradeRejected, message.TypeTradeRequest, code).(*message.TradeRejected)
			if !ok || trade.Code != string(code) {
				t.Errorf("a trade: %+v", trade)
			}
			check, ok := overTheWire(t, contract.LineCheckRejected, message.TypeLineCheck, code).(*message.LineChecked)
			if !ok || check.Code != string(code) {
				t.Errorf("a line check: %+v", check)
			}
		})
	}
}

// overTheWire returns what the provider reads of a rejection.
func overTheWire(t *testing.T, typ event.Type, form message.Type, code reason.Code) message.Answer {
	t.Helper()
	id := contract.TradeID("ALPHA", "R-1", "2026-11-24")
	data := fmt.Sprintf(`{"request":{"trade_id":%q,"check_id":%q,"reference":"R-1","action":"reserve","trade_date":"2026-11-24","echo":{"form":%q,"sequence":1}},`+
		`"rejected":{"code":%q,"text":"why"}}`, id, id, string(rune(form)), code)
	answer, err := new(Dialect).ShowLimits(true).FromEvent(event.Event{ID: id, Type: typ, Time: time.Now(), Correlation: id, Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := message.AppendAnswer(nil, answer)
	if err != nil {
		t.Fatal(err)
	}
	read, err := message.ParseAnswer(sent)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
