package steps_test

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

func (t trade) bookingRefused(c *core) event.Event {
	c.Helper()
	e := told(c.T, contract.TradeRefused, t.number, messages.BookingRefused{TradeID: t.id(), Version: 1, Code: "NOACCT"})
	e.Time = c.clock.Add(time.Second)
	return e
}

// A trade that the mainframe has not booked moves no money by itself, and leaves its client's netting set. A person decides.
func TestATradeWhoseBookingWasRefusedIsNotExecuted(t *testing.T) {
	c := newCore(t)
	gross, netted := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-60", "67")
	c.good(steps.Trades(static), gross.bookingRefused(c)) // before its trade
	c.registerOnly(gross)
	c.register(spot("3", "C000002", "100", "111.72"), spot("4", "C000002", "1", "1"))
	c.good(steps.Trades(static), netted.registered(t), netted.bookingRefused(c)) // in one batch, too
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
	c.clock = c.clock.Add(time.Minute)
	c.book(gross, 1)
	c.book(netted, 1)
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
	if got := c.rows("select state || ' ' || code from obligation join booking using (trade_id, trade_version)"); got != "settled NOACCT" {
		t.Error(got)
	}
	c.balanced()
}

// Money that moves for a trade which the mainframe then refuses to book would have no deal behind it. The other legs of the netting set do
// not wait.
func TestATradeIsPaidOnlyOnceItIsBooked(t *testing.T) {
	c := newCore(t)
	gross, netted := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-60", "67")
	c.registerOnly(gross, netted)
	c.register(spot("3", "C000002", "100", "111.72"))
	if got := c.amounts(c.run(steps.ExecuteDue)); got != "100 " {
		t.Errorf("moved before they were booked: %s", got)
	}
	if got := c.rows("select distinct held from obligation where state = 'open'"); got != "the mainframe has not booked the trade yet" {
		t.Error(got)
	}
	c.book(gross, 1)
	c.book(netted, 1)
	c.book(netted, 1)
	if got := c.run(steps.ExecuteDue); len(got) != 2 {
		t.Errorf("%d movements once they are booked, want 2", len(got))
	}
	c.balanced()
}

// A trade that is not booked until the cut-off fails like any other that is too late. A person decides.
func TestATradeThatIsNotBookedUntilTheCutOffFails(t *testing.T) {
	c := newCore(t)
	c.registerOnly(spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-60", "67"))
	c.run(steps.ExecuteDue)
	c.clock = morning.Add(24 * time.Hour)
	for _, e := range c.run(steps.ExecuteDue) {
		if got := dataOf[messages.Failed](t, e, contract.SettlementFailed); got.Code != "TOOLATE" {
			t.Errorf("%+v", got)
		}
	}
	if got := c.rows("select state || ' ' || count(*) from obligation group by state"); got != "failed 2" {
		t.Error(got)
	}
	c.balanced()
}

// The mainframe's words come from two queues, in any order and repeatedly. The later one counts.
func TestTheMainframesLastWordAboutABookingCounts(t *testing.T) {
	one := spot("1", "C000001", "100", "111.72")
	for name, refusedFirst := range map[string]bool{"booked comes first": false, "refused comes first": true} {
		for word, later := range map[string]time.Duration{"NOACCT": -time.Minute, "": time.Minute} { // when it was booked
			c := newCore(t)
			refused := one.bookingRefused(c)
			if refusedFirst {
				c.good(steps.Trades(static), refused)
			}
			c.clock = morning.Add(later)
			c.book(one, 1)
			c.good(steps.Trades(static), refused)
			if got := c.rows("select code from booking"); got != word {
				t.Errorf("%s: %q, want %q", name, got, word)
			}
		}
	}
}
