package steps_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// night is when the day of morning is compared.
var night = time.Date(2026, 11, 27, 0, 30, 0, 0, time.UTC)

// host is the mainframe's side: what it has moved.
type host []map[string]any

// moved is a movement as the mainframe lists it.
func (h *host) moved(t *testing.T, request event.Event, reference string) {
	t.Helper()
	r := requestOf(t, request)
	*h = append(*h, map[string]any{"movement_id": r.MovementID, "reference": reference, "moved_at": morning, "client": r.Client, "value_date": r.ValueDate, "lines": r.Lines})
}

// page answers a request for a statement with at most size movements on each page.
func (h host) pages(t *testing.T, request event.Event, size int) []event.Event {
	t.Helper()
	asked := dataOf[messages.StatementRequested](t, request, contract.StatementRequested)
	last := min(asked.First+asked.Most, len(h))
	var pages []event.Event
	for first := asked.First; first < last || first == asked.First; first += size {
		rows := h[first:min(first+size, last)]
		data, err := json.Marshal(map[string]any{
			"day": asked.Day, "first": first, "next": last, "total": len(h), "complete": true, "as_of": night, "movements": rows,
		})
		if err != nil {
			t.Fatal(err)
		}
		e, err := request.Next(contract.StatementDelivered, json.RawMessage(data), fmt.Sprint(first))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, e)
	}
	return pages
}

// reconcile runs the job and lets the host answer until the day is compared.
func (c *core) reconcile(h host, size int) messages.Reconciled {
	c.Helper()
	c.clock = night
	c.answer(h, c.run(steps.Reconcile), size)
	told := c.listed()
	if len(told) != 2 {
		c.Fatalf("the last part led to %v", told)
	}
	return dataOf[messages.Reconciled](c.T, told[0], contract.SettlementReconciled)
}

// answer lets the host answer until nobody asks any more.
func (c *core) answer(h host, asked []event.Event, size int) {
	c.Helper()
	for len(asked) > 0 {
		var emitted []event.Event
		for _, page := range h.pages(c.T, asked[0], size) {
			emitted = append(emitted, c.statement(page)...)
		}
		asked = emitted
	}
}

// listed does the parts of the run that was waiting, and returns what the last one led to.
func (c *core) listed() (told []event.Event) {
	c.Helper()
	for parts := []event.Event{c.asked(steps.Reconcile)}; len(parts) > 0; parts = only(contract.JobDue, told) {
		told = c.jobs(static, parts...)
	}
	return told
}

func (c *core) statement(pages ...event.Event) []event.Event {
	c.Helper()
	var all []event.Event
	for _, r := range c.statements(pages...) {
		if r.Err != nil {
			c.Fatal(r.Err)
		}
		all = append(all, r.Emit...)
	}
	return all
}

func (c *core) statements(pages ...event.Event) []amqp.Result {
	c.Helper()
	return steps.StatementSteps().Handler(c.pool, "settlement/1", testkit.Log(c.T)).Handle(c.Context(), pages)
}

// settle deals, executes and lets the host move n trades.
func (c *core) settle(h *host, n int) []event.Event {
	c.Helper()
	all := make([]trade, n)
	for i := range all {
		all[i] = spot(fmt.Sprint(i), "C000001", "100", "111.72")
	}
	c.register(all...)
	requests := c.run(steps.ExecuteDue)
	for i, r := range requests {
		h.moved(c.T, r, fmt.Sprint("M", i))
		c.good(steps.Movements(static), madeOf(c.T, r, fmt.Sprint("M", i), morning))
	}
	return requests
}

func TestADayThatAgreesHasNoDifferences(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 7)
	got := c.reconcile(h, 3)
	want := messages.Reconciled{Day: day, Attempt: got.Attempt, Movements: 7, AsOf: night}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if again := c.reconcile(h, 2); again.Attempt != got.Attempt+1 || again.Differences != 0 || again.Movements != 7 {
		t.Errorf("again: %+v", again)
	}
}

func TestADayWithoutMovementsAgrees(t *testing.T) {
	if got := newCore(t).reconcile(nil, 3); got.Movements != 0 || got.Differences != 0 || got.Day != day {
		t.Errorf("%+v", got)
	}
}

func TestEachDifferenceIsListedAndNothingIsCorrected(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 3)
	h = h[1:]                                                                                  // the first one is not at the mainframe
	h[0]["lines"] = []messages.Line{{Currency: "EUR", Amount: "1", From: "A", To: "B"}}        // the second one is another
	h = append(h, map[string]any{"movement_id": "BY HAND 7", "reference": "M9", "lines": nil}) // and one is not ours
	c.register(spot("9", "C000001", "5", "6"))
	h.moved(t, c.run(steps.ExecuteDue)[0], "M10") // whose answer was lost
	before := c.books()
	h = append(h, h[1]) // moved twice
	if got := c.reconcile(h, 2); got.Differences != 5 || got.Movements != 5 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select kind || ' ' || position from reconciliation_difference order by 1"); got != "different 1\nextra 3\nmissing 0\nrepeated 5\nunanswered 4" {
		t.Error(got)
	}
	if diff := cmp.Diff(before, c.books()); diff != "" {
		t.Errorf("something was corrected: %s", diff)
	}
}

func TestAPageThatComesEarlyTwiceOrUnaskedChangesNothing(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 4)
	c.clock = night
	asked := c.run(steps.Reconcile)[0]
	pages := h.pages(t, asked, 2)
	if again := dataOf[messages.StatementRequested](t, c.statement(pages[1])[0], contract.StatementRequested); again.First != 0 {
		t.Errorf("the second page came before the first, and the next request is %+v", again)
	}
	c.statement(pages[0])
	again := pages[0]
	again.ID = event.ChildID(again.ID, "again")
	if got := c.statement(again); len(got) != 0 {
		t.Errorf("the first page again: %v", got)
	}
	late := pages[1]
	late.ID = event.ChildID(late.ID, "again")
	if got := c.statement(late); len(got) != 0 || c.rows("select compared || ' ' || at_end from reconciliation") != "4 true" {
		t.Errorf("%v after the last page", got)
	}
	unasked := pages[0]
	unasked.ID, unasked.Correlation = event.ChildID(unasked.ID, "unasked"), day+"#77"
	if r := c.statements(unasked)[0]; r.Err == nil {
		t.Error("a statement that nobody asked for was taken")
	}
}

func TestTheStepsOfStatements(t *testing.T) {
	var h host
	first := newCore(t)
	first.settle(&h, 5)
	first.clock = night
	pages := h.pages(t, first.run(steps.Reconcile)[0], 2)
	foreign := pages[0]
	foreign.ID, foreign.Correlation = event.ChildID(foreign.ID, "foreign"), "trade"
	inboxtest.Exercise(t, inboxtest.Queue[steps.Statements]{
		Steps:      steps.StatementSteps(),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			c := &core{T: t, pool: pool, clock: morning}
			c.withJobs()
			defer c.forgetRuns()
			c.settle(&host{}, 5)
			c.clock = night
			c.run(steps.Reconcile)
		},
		Events: pages,
		Bad:    []event.Event{foreign},
	})
}

// Runs of one day, by hand and at other times, are runs of their own. One that ended without a result harms no later one.
func TestRunsOfOneDayDoNotMeet(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 4)
	c.clock = night
	hung := c.run(steps.Reconcile)[0]
	pages := h.pages(t, hung, 2)
	c.statement(pages[0])
	command := jobs.Command{Job: steps.Reconcile, By: "U0001", Reason: "it hangs"}
	refused := dataOf[jobs.Ended](t, c.jobs(static, told(t, contract.JobCommanded, "second", command))[0], contract.JobFinished)
	if refused.State != jobs.Refused {
		t.Errorf("a second run beside the first: %+v", refused)
	}
	command.Action = jobs.Stop
	c.jobs(static, told(t, contract.JobCommanded, "stop", command))
	c.clock = night.Add(time.Minute)
	c.answer(h, c.run(steps.Reconcile), 3)
	c.statement(pages[1]) // of the run that was stopped
	if got := dataOf[messages.Reconciled](t, c.listed()[0], contract.SettlementReconciled); got.Attempt != 2 || got.Differences != 0 || got.Movements != 4 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select attempt || ' ' || finished || ' ' || ended from reconciliation order by 1"); got != "1 true another run took its place\n2 true " {
		t.Error(got)
	}
	if got := c.rows("select count(*)::text from reconciliation_found"); got != "0" {
		t.Errorf("%s rows are left over", got)
	}
}

func TestARunWhoseStatementDoesNotComeFails(t *testing.T) {
	c := newCore(t)
	c.clock = night
	c.run(steps.Reconcile)
	if got := c.jobs(static, c.asked(steps.Reconcile)); len(got) != 0 {
		t.Fatalf("it went on: %v", got)
	}
	c.exec("update reconciliation set moved_at = now() - interval '3 hours'")
	end := dataOf[jobs.Ended](t, c.listed()[0], contract.JobFinished)
	if end.State != jobs.Failed || !strings.Contains(end.Error, "no page of the statement of 2026-11-26 has come for 2h0m0s") {
		t.Errorf("%+v", end)
	}
}

// What is not over is not compared: a movement that is still to come would be missing.
func TestAStatementOfADayThatIsNotOverGivesNoResult(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 2)
	c.clock = night
	page := h[:1].pages(t, c.run(steps.Reconcile)[0], 2)[0]
	page.Data = bytes.Replace(page.Data, []byte(`"complete":true`), []byte(`"complete":false`), 1)
	c.statement(page)
	end := dataOf[jobs.Ended](t, c.listed()[0], contract.JobFinished)
	if end.State != jobs.Failed || !strings.Contains(end.Error, "day is not over") {
		t.Errorf("%+v", end)
	}
	if got := c.rows("select finished::text from reconciliation"); got != "false" {
		t.Error("it has a result")
	}
}

// 250 movements that the mainframe has not made take three parts, whose lists are whole.
func TestWhatTheStatementLacksIsListedInParts(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 250)
	if got := c.reconcile(h[:7], 5); got.Differences != 243 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select kind || ' ' || count(*) from reconciliation_difference group by kind"); got != "missing 243" {
		t.Error(got)
	}
}

// The mainframe moved 100 and told so, and the ledger has other entries.
func TestTheLedgerIsComparedWithTheStatement(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 3)
	c.exec("alter table transfer disable trigger all")
	c.exec("update transfer set amount = amount + 1 where (posting, number) in (select posting, number from transfer where reason = 'execution' order by posting, number limit 1)")
	c.exec("delete from transfer where reason = 'execution' and (posting, number) = (select posting, number from transfer where reason = 'execution' order by posting desc, number limit 1)")
	if got := c.reconcile(h, 2); got.Differences != 2 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select distinct kind from reconciliation_difference"); got != "unbooked" {
		t.Error(got)
	}
}

func TestAMovementOfAnotherClientOrValueDateDiffers(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 3)
	h[0]["client"], h[1]["value_date"] = "C000009", "2026-11-27"
	if got := c.reconcile(h, 2); got.Differences != 2 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select distinct kind from reconciliation_difference"); got != "different" {
		t.Error(got)
	}
}

// What a person has found in the mainframe's book was moved on another day than the one on which it was found. No statement lacks it.
func TestAMovementThatWasFoundIsNotMissing(t *testing.T) {
	c, h := newCore(t), host{}
	c.register(spot("1", "C000001", "100", "111.72"))
	request := c.run(steps.ExecuteDue)[0]
	c.good(steps.Movements(static), refusedOf(t, request, movement.Conflict))
	h.moved(t, request, "M1")
	c.clock = morning.Add(48 * time.Hour)
	c.command(static, "1", requestOf(t, request).MovementID, messages.Found, "M1")
	for days, statement := range []host{h, nil, nil} { // of the day on which it was moved, and of later ones
		c.clock = night.AddDate(0, 0, days)
		c.answer(statement, c.run(steps.Reconcile), 3)
		if got := dataOf[messages.Reconciled](t, c.listed()[0], contract.SettlementReconciled); got.Differences != 0 {
			t.Errorf("%+v", got)
		}
	}
}
