package steps_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// moved is the bank after its settlement accounts have other numbers.
type movedBank struct{ bank }

func (b movedBank) Accounts(p movement.Payment) (from, to string, err error) {
	from, to, err = b.bank.Accounts(p)
	return "NEW" + from, "NEW" + to, err
}

func renumbered() steps.Directory { return movedBank{} }

func (c *core) command(static steps.Static, number, id, action, reference string) []event.Event {
	c.Helper()
	return c.good(steps.Movements(static), told(c.T, contract.SettlementCommanded, number, messages.Commanded{
		MovementID: id, Action: action, By: "U0001", Reason: "test", Reference: reference,
	}))
}

// failed expects that so many movements wait for a person.
func (c *core) failed(want int) {
	c.Helper()
	if got, err := store.Failed(c.Context(), c.pool); err != nil || got != want {
		c.Errorf("%d movements have failed, %v; want %d", got, err, want)
	}
}

// What the mainframe may have made is asked for with the lines of before, whatever the static data say now: it would not recognise
// others, and the money would move twice. What it has refused is made out by the data of now.
func TestARetryOfWhatMayHaveMovedHasTheSameLines(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	first := requestOf(t, c.run(steps.ExecuteDue)[0])
	c.clock = first.NotAfter.Add(time.Minute)
	c.run(steps.WatchCutOffs)
	c.failed(1)
	second := requestOf(t, c.command(renumbered, "1", first.MovementID, messages.Retry, "")[0])
	c.failed(0)
	if diff := cmp.Diff(first.Lines, second.Lines); diff != "" || second.Attempt != 2 {
		t.Errorf("unanswered: %s", diff)
	}
	c.good(steps.Movements(static), told(t, contract.MovementRefused, "2", messages.MovementRefused{MovementID: first.MovementID, Attempt: 2, Code: "NOACCT"}))
	c.failed(1)
	third := requestOf(t, c.command(renumbered, "3", first.MovementID, messages.Retry, "")[0])
	if third.Lines[0].From != "NEW"+first.Lines[0].From {
		t.Errorf("refused: %+v", third.Lines)
	}
	c.balanced()
}

// A person can have an unbooked trade paid only once it is booked: its money must not move before.
func TestARetryOfAnUnbookedTradeIsDeclined(t *testing.T) {
	c := newCore(t)
	unbooked := spot("1", "C000001", "100", "111.72")
	c.registerOnly(unbooked)
	c.clock = c.clock.AddDate(0, 0, 3) // past every cut-off
	c.run(steps.ExecuteDue)
	id := c.rows("select id::text from movement where state = 'refused'")
	command := func(number string) event.Event {
		return told(t, contract.SettlementCommanded, number, messages.Commanded{MovementID: id, Action: messages.Retry, By: "U0001", Reason: "test"})
	}
	if text := c.declined(command("1")); !strings.Contains(text, "not booked") {
		t.Errorf("declined with %q", text)
	}
	c.book(unbooked, 1)
	if got := requestOf(t, c.good(steps.Movements(static), command("2"))[0]); got.MovementID != id {
		t.Errorf("%+v", got)
	}
}

func TestAConflictWaitsUntilSomebodyHasReadTheMainframesBook(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	first := c.run(steps.ExecuteDue)[0]
	id := requestOf(t, first).MovementID
	c.good(steps.Movements(static), refusedOf(t, first, movement.Conflict))
	byHand := told(t, contract.SettlementCommanded, "1", messages.Commanded{
		MovementID: id, Action: messages.SettleByHand, By: "U0001", Reason: "test", Reference: "CH-1",
	})
	if why := c.declined(byHand); !strings.Contains(why, "not allowed") {
		t.Error("settled by hand, and the mainframe may have moved it")
	}
	again := c.command(renumbered, "2", id, messages.Retry, "")[0]
	if diff := cmp.Diff(requestOf(t, first).Lines, requestOf(t, again).Lines); diff != "" {
		t.Error(diff)
	}
	c.good(steps.Movements(static), refusedOf(t, again, movement.Conflict))
	settled := dataOf[messages.Settled](t, c.command(static, "3", id, messages.Found, "M17")[0], contract.SettlementSettled)
	if settled.Reference != "M17" || settled.ByHand {
		t.Errorf("%+v", settled)
	}
	c.balanced()
}

// A command that the broker has kept while it was away is not carried out later: its person has given up, or has paid by another way.
func TestACommandAfterItsDeadlineIsDeclined(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	first := c.run(steps.ExecuteDue)[0]
	c.good(steps.Movements(static), refusedOf(t, first, "NOFUNDS"))
	retry := told(t, contract.SettlementCommanded, "1", messages.Commanded{MovementID: requestOf(t, first).MovementID, Action: messages.Retry, By: "U0001", Reason: "test"})
	retry.Deadline = c.clock.Add(-time.Second)
	if why := c.declined(retry); !strings.Contains(why, "good until "+retry.Deadline.Format(time.RFC3339)) {
		t.Errorf("late: %q", why)
	}
	retry.ID, retry.Deadline = event.NewID(testkit.Day, "in time"), c.clock
	again := c.good(steps.Movements(static), retry)[0]
	if requestOf(t, again).Attempt != 2 || !again.Deadline.IsZero() {
		t.Errorf("in time: %+v", again)
	}
	c.balanced()
}
