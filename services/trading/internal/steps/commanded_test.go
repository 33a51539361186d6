package steps_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

const (
	maker   = "U0013"
	checker = "U0015"
)

// acting is a bench of booked trades on which people act.
type acting struct {
	*testing.T
	pool *pgxpool.Pool
	ids  []string
	now  time.Time
	sent int
}

func newActing(t *testing.T, trades int) *acting {
	t.Helper()
	a := &acting{T: t, pool: schema(t), ids: names(trades), now: now}
	registerAll(t, a.pool, a.ids)
	bookAll(t, a.pool, a.ids)
	return a
}

func bookAll(t *testing.T, pool *pgxpool.Pool, ids []string) {
	t.Helper()
	var told []event.Event
	for _, id := range ids {
		told = append(told, booked(t, id, "B-"+id[:4]))
	}
	for _, r := range replica(t, pool, facts()).Handle(t.Context(), told) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
}

func actionID(trade, name string) string { return event.ChildID(trade, "action", name) }

// commanded returns a command about the action of a name on a trade.
func (a *acting) commanded(step, trade, name, by string) event.Event {
	a.Helper()
	a.sent++
	return command(a.T, step, trade, name, by, string(rune('a'+a.sent)))
}

func command(t *testing.T, step, trade, name, by, message string) event.Event {
	t.Helper()
	e := newEvent(t, contract.TradeCommanded, trade, messages.Commanded{
		ActionID: actionID(trade, name), Step: step, Action: "delete", TradeVersion: messages.TradeVersion{TradeID: trade, Version: 1}, By: by, Reason: "entered twice",
	}, message)
	e.Origin = contract.API
	return e
}

// give hands a command to trading and returns what it led to: the types and, of actions, state and code.
func (a *acting) give(e event.Event) (string, []event.Event) {
	a.Helper()
	r := replica(a.T, a.pool, at(a.now, steps.Actions(dealing(a.T)))).Handle(a.Context(), []event.Event{e})[0]
	if r.Err != nil {
		return "error " + r.Err.Error(), nil
	}
	var all []string
	for _, told := range r.Emit {
		var d messages.Action
		if err := told.Read(&d); err != nil {
			a.Fatal(err)
		}
		all = append(all, strings.TrimSpace(told.Type.Name+" "+d.State+" "+d.Code))
	}
	return strings.Join(all, ", "), r.Emit
}

func (a *acting) leadsTo(want string, e event.Event) []event.Event {
	a.Helper()
	got, told := a.give(e)
	if got != want {
		a.Errorf("%s, want %s", got, want)
	}
	return told
}

func TestTwoPersonsDeleteATrade(t *testing.T) {
	a := newActing(t, 1)
	id := a.ids[0]
	told := a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "1", maker))
	sample.Is(t, "../messages/samples", contract.ActionProposed, told[0])
	if got := life(t, a.pool, id).Status; got != trade.Booked {
		t.Errorf("proposed, and %s", got)
	}
	a.leadsTo("", a.commanded(messages.Approve, id, "1", maker)) // not by the same person
	told = a.leadsTo("trade.deleted, action.ended done", a.commanded(messages.Approve, id, "1", checker))
	sample.Is(t, "../messages/samples", contract.TradeDeleted, told[0])
	sample.Is(t, "../messages/samples", contract.ActionEnded, told[1])
	if got := life(t, a.pool, id).Status; got != trade.Deleted {
		t.Errorf("approved, and %s", got)
	}
	a.leadsTo("", a.commanded(messages.Approve, id, "1", "U0016"))
	a.leadsTo("action.ended refused already_deleted", a.commanded(messages.Propose, id, "2", maker))
}

// Each row: in which state nobody may propose it, and the reason.
func TestADeletionIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		prepare string
		at      time.Duration
		want    string
	}{
		"before the mainframe has answered": {"update trade set status = 'registered'", 0, "booking_awaited"},
		"executed":                          {"update trade set status = 'executed', settled_legs = 1", 0, "already_executed"},
		"superseded":                        {"update trade set status = 'superseded'", 0, "already_superseded"},
		"on the value date":                 {"", 63 * time.Hour, "payment_has_begun"},
		"of another version":                {"update trade set version = 2", 0, "unknown_trade"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newActing(t, 1)
			if _, err := a.pool.Exec(t.Context(), c.prepare); err != nil {
				t.Fatal(err)
			}
			a.now = now.Add(c.at)
			a.leadsTo("action.ended refused "+c.want, a.commanded(messages.Propose, a.ids[0], "1", maker))
			a.leadsTo("", a.commanded(messages.Approve, a.ids[0], "1", checker))
		})
	}
}

func TestABookingThatWasRefusedCanBeDeleted(t *testing.T) {
	a := newActing(t, 1)
	const refuse = `update trade set status = 'booking_refused', refusal_code = 'E42', refused_at = now(), booking_reference = null, booked_at = null`
	if _, err := a.pool.Exec(t.Context(), refuse); err != nil {
		t.Fatal(err)
	}
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, a.ids[0], "1", maker))
	told := a.leadsTo("trade.deleted, action.ended done", a.commanded(messages.Approve, a.ids[0], "1", checker))
	var d messages.Deleted
	if err := told[0].Read(&d); err != nil || d.Booked {
		t.Errorf("%+v, %v", d, err)
	}
}

// An action that is approved is decided on the state as it is then.
func TestWhatWasProposedIsDecidedOnTheStateOfThatMoment(t *testing.T) {
	a := newActing(t, 1)
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, a.ids[0], "1", maker))
	if _, err := a.pool.Exec(t.Context(), "update trade set status = 'executed', settled_legs = 1"); err != nil {
		t.Fatal(err)
	}
	a.leadsTo("action.ended refused already_executed", a.commanded(messages.Approve, a.ids[0], "1", checker))
}

func TestAProposalIsWithdrawnOrDeclined(t *testing.T) {
	a := newActing(t, 1)
	id := a.ids[0]
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "1", maker))
	a.leadsTo("action.ended refused action_under_way", a.commanded(messages.Propose, id, "2", checker))
	a.leadsTo("", a.commanded(messages.Withdraw, id, "1", checker))
	a.leadsTo("action.ended withdrawn", a.commanded(messages.Withdraw, id, "1", maker))
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "3", maker))
	a.leadsTo("action.ended declined", a.commanded(messages.Decline, id, "3", checker))
	a.leadsTo("", a.commanded(messages.Approve, id, "3", checker))
	if got := life(t, a.pool, id).Status; got != trade.Booked {
		t.Error(got)
	}
}

func TestAProposalExpires(t *testing.T) {
	a := newActing(t, 1)
	id := a.ids[0]
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "1", maker))
	a.now = now.Add(24 * time.Hour)
	a.leadsTo("action.ended expired too_late", a.commanded(messages.Approve, id, "1", checker))
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "2", maker))
	a.now = now.Add(48 * time.Hour)
	a.leadsTo("action.ended expired too_late, action.proposed proposed", a.commanded(messages.Propose, id, "3", checker))
}

func TestACommandThatComesLateDoesNothing(t *testing.T) {
	a := newActing(t, 1)
	id := a.ids[0]
	late := func(e event.Event) event.Event { e.Deadline = now.Add(-time.Second); return e }
	a.leadsTo("action.ended refused too_late", late(a.commanded(messages.Propose, id, "1", maker)))
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "2", maker))
	a.leadsTo("", late(a.commanded(messages.Approve, id, "2", checker)))
	if got := life(t, a.pool, id).Status; got != trade.Booked {
		t.Error(got)
	}
}

func TestADecisionAboutWhatIsNotThereComesAgain(t *testing.T) {
	a := newActing(t, 1)
	if r := replica(t, a.pool, at(now, steps.Actions(dealing(t)))).Handle(t.Context(), []event.Event{a.commanded(messages.Approve, a.ids[0], "1", checker)})[0]; !isRetry(r.Err) {
		t.Error(r.Err)
	}
}

// Whatever a program believes, the table refuses that one person is both.
func TestTheTableRefusesAnApprovalByWhoProposed(t *testing.T) {
	a := newActing(t, 1)
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, a.ids[0], "1", maker))
	for _, statement := range []string{
		"update action set state = 'done', decided_by = proposed_by, decided_at = now()",
		"update action set state = 'done', decided_at = now()",
		"update action set state = 'withdrawn', decided_by = 'U0015', decided_at = now()",
		"insert into action select gen_random_uuid(), kind, trade_id, version, state, reason, proposed_by, proposed_at, expires_at from action",
	} {
		if _, err := a.pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("done: %s", statement)
		}
	}
}

// Several persons propose and approve at two replicas at once: each trade is deleted once.
func TestManyPersonsAtOnceDeleteATradeOnce(t *testing.T) {
	const trades, persons = 8, 6
	a := newActing(t, trades)
	var all sync.WaitGroup
	var mu sync.Mutex
	deleted := map[string]int{}
	for r := range 2 {
		h := replica(t, a.pool, at(now, steps.Actions(dealing(t))))
		var commands []event.Event
		for _, id := range a.ids {
			for p := range persons {
				by := string(rune('A' + p))
				commands = append(commands, command(t, messages.Propose, id, by, by, "p"+by), command(t, messages.Approve, id, by, string(rune('A'+(p+r+1)%persons)), "a"+by))
			}
		}
		all.Go(func() {
			for from := 0; from < len(commands); from += 4 {
				for _, result := range h.Handle(context.Background(), commands[from:from+4]) {
					if result.Err != nil && !isRetry(result.Err) {
						t.Error(result.Err)
					}
					mu.Lock()
					for _, e := range result.Emit {
						if e.Type == contract.TradeDeleted {
							deleted[e.ID]++
						}
					}
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	rows, err := a.pool.Query(t.Context(), "select trade_id::text from action where state = 'done' order by 1")
	if err != nil {
		t.Fatal(err)
	}
	done, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(done) != trades || len(deleted) != trades {
		t.Errorf("%d trades are deleted by %d actions, by %d messages: %v", trades, len(done), len(deleted), err)
	}
}

// The answer is what a proposal would lead to at this moment.
func TestWhatMayBeDoneIsToldBefore(t *testing.T) {
	a := newActing(t, 1)
	id := a.ids[0]
	ask := func(version int) (answer messages.PossibleActions, told event.Event) {
		e := newEvent(t, contract.ActionsRequested, id, messages.ActionsRequested{Question: messages.TradeVersion{TradeID: id, Version: version}}, time.Now().String())
		e.Origin = contract.API
		r := replica(t, a.pool, at(a.now, steps.Possible(dealing(t)))).Handle(t.Context(), []event.Event{e})[0]
		var listed messages.ActionsListed
		if r.Err != nil || len(r.Emit) != 1 || r.Emit[0].Read(&listed) != nil || len(listed.Answer.Actions) != 1 {
			t.Fatalf("%+v", r)
		}
		return listed.Answer, r.Emit[0]
	}
	answer, told := ask(1)
	sample.Is(t, "../messages/samples", contract.ActionsListed, told)
	may := answer.Actions[0]
	if answer.State != "open" || may.Action != "delete" || may.Code != "" || !may.TwoPersons || len(may.Ends) != 1 || !may.OppositeBooking {
		t.Errorf("%+v", answer)
	}
	a.leadsTo("action.proposed proposed", a.commanded(messages.Propose, id, "1", maker))
	if answer, _ := ask(1); answer.State != "under_way" || answer.Actions[0].Code != "action_under_way" || answer.Actions[0].Text == "" {
		t.Errorf("%+v", answer)
	}
	a.leadsTo("trade.deleted, action.ended done", a.commanded(messages.Approve, id, "1", checker))
	if answer, _ := ask(1); answer.State != "deleted" || answer.Actions[0].Code != "already_deleted" {
		t.Errorf("%+v", answer)
	}
	if answer, _ := ask(2); answer.State != "" || answer.Actions[0].Code != "unknown_trade" {
		t.Errorf("%+v", answer)
	}
}

func TestTheStepsOfActions(t *testing.T) {
	ids := names(3)
	wrong := command(t, messages.Approve, ids[0], "1", checker, "of another trade")
	wrong.Data = []byte(strings.Replace(string(wrong.Data), `"version":1`, `"version":2`, 1))
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      at(now, steps.Actions(dealing(t))),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			registerAll(t, pool, ids)
			bookAll(t, pool, ids)
		},
		Events: []event.Event{
			command(t, messages.Propose, ids[0], "1", maker, "1"), command(t, messages.Propose, ids[1], "1", maker, "2"),
			command(t, messages.Approve, ids[0], "1", checker, "3"), command(t, messages.Withdraw, ids[1], "1", maker, "4"),
			command(t, messages.Propose, ids[0], "2", maker, "5"), command(t, messages.Propose, ids[2], "1", maker, "6"),
		},
		Bad: []event.Event{command(t, "burn", ids[0], "1", maker, "no such step"), wrong},
	})
}

// auth publishes what trading reads.
func TestAuthsSampleOfACommandIsRead(t *testing.T) {
	e := event.Event{ID: event.NewID(testkit.Day, "sample"), Type: contract.TradeCommanded, Time: now, Data: sample.Of(t, "services/auth/internal/messages", contract.TradeCommanded)}
	if told, err := messages.ReadCommanded(e); err != nil || told.Step != messages.Propose || told.By == "" || told.Version != 1 {
		t.Errorf("%+v, %v", told, err)
	}
}
