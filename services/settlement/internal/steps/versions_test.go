package steps_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/steps"
)

// version is the trade as a later version of it is registered. The mainframe has booked it already.
func (t trade) version(c *core, version int) event.Event {
	c.Helper()
	c.book(t, version)
	e := t.registered(c.T)
	e.ID = event.ChildID(e.ID, fmt.Sprint(version))
	e.Data = bytes.Replace(e.Data, []byte(`"version":1`), fmt.Appendf(nil, `"version":%d`, version), 1)
	return e
}

func (c *core) legs() string {
	c.Helper()
	return c.rows("select trade_version || ' ' || base_amount || ' ' || state from obligation order by trade_id, trade_version, leg")
}

func (c *core) expect(what, want string) {
	c.Helper()
	if got := c.legs(); got != want {
		c.Errorf("%s: %q, want %q", what, got, want)
	}
	c.balanced()
}

// amounts returns what each requested movement moves first.
func (c *core) amounts(requests []event.Event) (all string) {
	c.Helper()
	for _, r := range requests {
		all += requestOf(c.T, r).Lines[0].Amount + " "
	}
	return all
}

func TestALaterVersionWithdrawsTheOpenLegsOfTheOneBefore(t *testing.T) {
	for _, product := range []string{"spot", "forward"} {
		c := newCore(t)
		first, second := spot("1", "C000001", "100", "111.72"), spot("1", "C000001", "90", "100")
		first.product, second.product = product, product
		if r := c.handle(steps.Trades(static), second.version(c, 2))[0]; r.Err == nil {
			t.Error("a later version before the first one was taken: the first one would move, too")
		}
		c.register(first)
		c.good(steps.Trades(static), second.version(c, 2))
		c.expect(product, "1 100 withdrawn\n2 90 open")
		if got := c.amounts(c.run(steps.ExecuteDue)); got != "90 " {
			t.Errorf("%s: moves %s", product, got)
		}
		c.expect(product, "1 100 withdrawn\n2 90 instructed")
	}
}

func TestTwoVersionsInOneBatchLeaveTheLaterOne(t *testing.T) {
	c := newCore(t)
	c.good(steps.Trades(static), spot("1", "C000001", "100", "111.72").registered(t), spot("1", "C000001", "90", "100").version(c, 2))
	c.expect("both", "1 100 withdrawn\n2 90 open")
}

// Settlement keeps no inbox rows of registered trades: the legs tell that a version was here.
func TestAVersionThatComesAgainChangesNothing(t *testing.T) {
	c := newCore(t)
	one, two, three := spot("1", "C000001", "100", "111.72"), spot("1", "C000001", "90", "100"), spot("1", "C000001", "80", "90")
	all := []event.Event{one.registered(t), two.version(c, 2), three.version(c, 3)}
	for i := range all {
		c.good(steps.Trades(static), all[:i+1]...)
	}
	c.expect("three", "1 100 withdrawn\n2 90 withdrawn\n3 80 open")
	before := inboxtest.Tables(t, c.pool)
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1}, {0}, {2}} {
		for _, i := range order {
			c.good(steps.Trades(static), all[i])
		}
		if diff := cmp.Diff(before, inboxtest.Tables(t, c.pool)); diff != "" {
			t.Errorf("again in the order %v: %s", order, diff)
		}
	}
	c.run(steps.ExecuteDue)
	c.good(steps.Trades(static), all...)
	c.expect("at the mainframe", "1 100 withdrawn\n2 90 withdrawn\n3 80 instructed")
}

// What is at the mainframe waits for its answer, and the new version waits for it.
func TestALegAtTheMainframeIsWithdrawnOnceItIsRefused(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	c.good(steps.Trades(static), spot("1", "C000001", "90", "100").version(c, 2))
	if got := c.run(steps.ExecuteDue); len(got) != 0 {
		t.Errorf("both versions are at the mainframe: %v", got)
	}
	c.expect("asked", "1 100 instructed\n2 90 open")
	if told := c.good(steps.Movements(static), refusedOf(t, request, "NOFUNDS")); len(told) != 0 {
		t.Errorf("a version that is no more failed: %v", told)
	}
	if got := c.amounts(c.run(steps.ExecuteDue)); got != "90 " {
		t.Errorf("moves %s", got)
	}
	c.expect("refused", "1 100 withdrawn\n2 90 instructed")
	retry := told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: requestOf(t, request).MovementID, Action: messages.Retry, By: "U0001", Reason: "test",
	})
	if why := c.declined(retry); !strings.Contains(why, "not allowed") {
		t.Error("a movement that is withdrawn was tried again")
	}
}

// What has moved is a fact: the same leg of the new version stays open, with a warning, until somebody decides.
func TestALegThatHasMovedKeepsTheNewVersionOpen(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	c.good(steps.Trades(static), spot("1", "C000001", "90", "100").version(c, 2))
	if told := c.good(steps.Movements(static), madeOf(t, request, "M1", morning)); told[0].Type != contract.SettlementSettled {
		t.Errorf("%v", told)
	}
	if got := c.run(steps.ExecuteDue); len(got) != 0 {
		t.Errorf("%v", got)
	}
	c.expect("made", "1 100 settled\n2 90 open")
	if got := c.rows("select held from obligation where state = 'open'"); got != "an earlier version of the leg is not withdrawn: settled" {
		t.Error(got)
	}
}

func TestATradeThatChangesLeavesItsNettingSetOpen(t *testing.T) {
	for _, late := range []bool{false, true} { // whether the trade changes after the set was refused
		c := newCore(t)
		c.register(spot("1", "C000002", "100", "111.72"), spot("2", "C000002", "7", "8"))
		request := c.run(steps.ExecuteDue)[0]
		changed, refusal := spot("2", "C000002", "5", "6").version(c, 2), refusedOf(t, request, "CLOSED")
		if late {
			c.good(steps.Movements(static), refusal)
			c.good(steps.Trades(static), changed)
			c.balanced()
			c.command(static, "1", requestOf(t, request).MovementID, messages.Retry, "")
		} else {
			c.good(steps.Trades(static), changed)
			c.good(steps.Movements(static), refusal)
		}
		c.balanced()
		if got := c.amounts(c.run(steps.ExecuteDue)); got != "105 " {
			t.Errorf("late %v: moves %s", late, got)
		}
		if got := c.rows("select state || ' ' || count(*) from movement group by state order by state"); got != "requested 1\nwithdrawn 1" {
			t.Errorf("late %v: %s", late, got)
		}
		c.balanced()
	}
}

// Nobody knows whether the mainframe has moved it. Asked again with the cut-off of before, it says so, and moves nothing more.
func TestAnUnansweredLegThatWasReplacedIsOnlyAskedAbout(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	first := requestOf(t, c.run(steps.ExecuteDue)[0])
	c.clock = first.NotAfter.Add(time.Minute)
	c.run(steps.WatchCutOffs)
	c.good(steps.Trades(static), spot("1", "C000001", "90", "100").version(c, 2))
	again := c.command(static, "1", first.MovementID, messages.Retry, "")[0]
	if got := requestOf(t, again); !got.NotAfter.Equal(first.NotAfter) || got.Attempt != 2 {
		t.Errorf("%+v", got)
	}
	c.good(steps.Movements(static), refusedOf(t, again, "TOOLATE"))
	c.expect("refused", "1 100 withdrawn\n2 90 open")
	if got := c.rows("select state from movement"); got != string(movement.Withdrawn) {
		t.Error(got)
	}
}
