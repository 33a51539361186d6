package dialect

import (
	"testing"

	"fxcore/gateways/socket/message"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// A rejection about a repeat never names the standing trade's or reservation's id as its own.
func TestADuplicateHasNoIDOfItsOwn(t *testing.T) {
	trade := overTheWire(t, contract.TradeRejected, message.TypeTradeRequest, reason.Duplicate).(*message.TradeRejected)
	if trade.TradeID != noID {
		t.Errorf("a trade: %s", trade.TradeID)
	}
	report := overTheWire(t, contract.TradeRejected, message.TypeTradeReport, reason.Duplicate).(*message.ReportAnswered)
	if report.TradeID != noID {
		t.Errorf("a report: %s", report.TradeID)
	}
	check := overTheWire(t, contract.LineCheckRejected, message.TypeLineCheck, reason.Duplicate).(*message.LineChecked)
	if check.CheckID != noID || check.ReservationID != "" {
		t.Errorf("a line check: %s, %q", check.CheckID, check.ReservationID)
	}
	if other := overTheWire(t, contract.TradeRejected, message.TypeTradeRequest, reason.Holiday).(*message.TradeRejected); other.TradeID == noID {
		t.Error("a rejected trade has no id")
	}
}
