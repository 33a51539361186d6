package steps_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
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
	*h = append(*h, map[string]any{"movement_id": r.MovementID, "reference": reference, "moved_at": morning, "lines": r.Lines})
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
	for asked := c.run(steps.Reconcile); ; {
		var emitted []event.Event
		for _, page := range h.pages(c.T, asked[0], size) {
			emitted = append(emitted, c.statement(page)...)
		}
		if len(emitted) != 1 {
			c.Fatalf("%d events", len(emitted))
		}
		if emitted[0].Type == contract.SettlementReconciled {
			return dataOf[messages.Reconciled](c.T, emitted[0], contract.SettlementReconciled)
		}
		asked = emitted
	}
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
	if got := c.reconcile(h, 2); got.Differences != 4 || got.Movements != 4 {
		t.Errorf("%+v", got)
	}
	if got := c.rows("select kind from reconciliation_difference order by kind"); got != "different\nextra\nmissing\nunanswered" {
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
	if r := c.statements(pages[1])[0]; r.Err == nil {
		t.Error("the second page was taken before the first")
	}
	c.statement(pages[0])
	again := pages[0]
	again.ID = event.ChildID(again.ID, "again")
	if got := c.statement(again); len(got) != 0 {
		t.Errorf("the first page again: %v", got)
	}
	late := pages[1]
	late.ID = event.ChildID(late.ID, "again")
	if got := c.statement(late); len(got) != 1 {
		t.Errorf("%d events after the last page", len(got))
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
