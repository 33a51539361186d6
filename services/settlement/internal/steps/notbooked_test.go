package steps_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

func (t trade) bookingRefused(c *core) event.Event {
	c.Helper()
	return told(c.T, contract.TradeRefused, t.number, messages.BookingRefused{TradeID: t.id(), Version: 1, Code: "NOACCT"})
}

// A trade that the mainframe has not booked moves no money by itself, and leaves its client's netting set. A person decides.
func TestATradeWhoseBookingWasRefusedIsNotExecuted(t *testing.T) {
	c := newCore(t)
	gross, netted := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-60", "67")
	if r := c.handle(steps.Trades(static), gross.bookingRefused(c))[0]; r.Err == nil {
		t.Error("a refusal before its trade was forgotten")
	}
	c.register(gross, spot("3", "C000002", "100", "111.72"), spot("4", "C000002", "1", "1"))
	c.good(steps.Trades(static), gross.bookingRefused(c), netted.registered(t), netted.bookingRefused(c)) // in one batch, too
	var failed []messages.Failed
	requests := 0
	for _, e := range c.run(steps.ExecuteDue) {
		if e.Type == contract.MovementRequested {
			requests++
			if got := requestOf(t, e); got.Lines[0].Amount != "101" {
				t.Errorf("the set: %+v", got)
			}
			continue
		}
		failed = append(failed, dataOf[messages.Failed](t, e, contract.SettlementFailed))
	}
	if requests != 1 || len(failed) != 2 || failed[0].Code != "NOTBOOKED" {
		t.Fatalf("%d requests, failed %+v", requests, failed)
	}
	c.balanced()
	again := c.good(steps.Movements(static), told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: failed[0].MovementID, Action: messages.Retry, By: "U0001", Reason: "the mainframe has booked it now",
	}))
	if got := requestOf(t, again[0]); got.Attempt != 2 || len(got.Lines) != 2 {
		t.Errorf("%+v", got)
	}
	c.balanced()
}

// What is at the mainframe already waits for its answer.
func TestARefusedBookingOfALegThatIsInstructedChangesNothing(t *testing.T) {
	c := newCore(t)
	one := spot("1", "C000001", "100", "111.72")
	c.register(one)
	request := c.run(steps.ExecuteDue)[0]
	c.good(steps.Trades(static), one.bookingRefused(c))
	if told := c.good(steps.Movements(static), madeOf(t, request, "M1", morning)); told[0].Type != contract.SettlementSettled {
		t.Errorf("%v", told)
	}
	if got := c.rows("select state || ' ' || booking_refused from obligation"); got != "settled NOACCT" {
		t.Error(got)
	}
	c.balanced()
}
