package steps

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/reconciliation"
	"fxcore/services/settlement/internal/store"
)

// Statements holds what the pages of one batch share, by the story of their run.
type Statements map[string]*comparison

// comparison is a run with the pages of the batch.
type comparison struct {
	day     fxdate.Date
	attempt int
	pages   []reconciliation.Page
	run     **reconciliation.Run
	named   store.Ours // that the pages name
	others  store.Ours // of the day that no page has named so far; loaded for the last page
	done    []reconciliation.Moved
	found   []reconciliation.Difference
}

// StatementSteps returns the steps of the queue of statements.
func StatementSteps() inbox.Steps[Statements] {
	return inbox.Steps[Statements]{Table: statements(), Begin: func() Statements { return Statements{} }}
}

// Load locks the runs and loads what we know of the movements.
func (s Statements) Load(b *pgx.Batch) {
	for _, story := range slices.Sorted(maps.Keys(s)) {
		s[story].load(b, story)
	}
}

func (c *comparison) load(b *pgx.Batch, story string) {
	c.run = store.QueueReconciliation(b, c.day, c.attempt)
	for _, page := range c.pages {
		c.named.QueueOurs(b, page.Movements)
	}
	if slices.ContainsFunc(c.pages, reconciliation.Page.Last) {
		zone := mainframeZone()
		c.others.QueueNotFound(b, midnight(c.day, zone), midnight(c.day.AddDays(1), zone), story)
	}
}

func midnight(day fxdate.Date, zone *time.Location) time.Time {
	year, month, date := day.Time().Date()
	return time.Date(year, month, date, 0, 0, 0, 0, zone)
}

// Store queues the writes of what was compared.
func (s Statements) Store(b *pgx.Batch) {
	for story, c := range s {
		if run := *c.run; run != nil {
			store.QueueCompared(b, run, story, c.done, c.found)
		}
	}
}

// compare is the step of statement.delivered.
type compare struct {
	story string
	page  messages.Statement
}

func readStatement(_ Statements, e event.Event) (inbox.Task[Statements], error) {
	page, err := messages.ReadStatement(e)
	return compare{e.Correlation, page}, err
}

// Want asks for the run and for the movements of the page.
func (c compare) Want(s Statements) {
	if s[c.story] == nil {
		s[c.story] = &comparison{day: c.page.Day, attempt: c.page.Attempt, named: store.Ours{}, others: store.Ours{}}
	}
	s[c.story].pages = append(s[c.story].pages, c.page.Page)
}

// Decide compares the page with what we know, if it is the next one of its run. After the last one it tells the result.
func (c compare) Decide(s Statements, _ time.Time, e event.Event) ([]event.Event, error) {
	batch := s[c.story]
	run := *batch.run
	switch {
	case run == nil:
		return nil, fmt.Errorf("nobody asked for the statement of %s", c.story)
	case run.Finished || c.page.First < run.Compared:
		return nil, nil // compared already
	case c.page.First > run.Compared:
		return nil, amqp.Retry(fmt.Errorf("page at %d comes before the one at %d", c.page.First, run.Compared))
	}
	before := *run
	batch.compare(run, c.page.Page)
	emitted, err := next(run, c.page.Page, e)
	if err != nil {
		*run = before
	}
	return emitted, err
}

// compare adds what differs on the page to the run.
func (c *comparison) compare(run *reconciliation.Run, page reconciliation.Page) {
	known := len(c.found)
	for _, theirs := range page.Movements {
		var ours *reconciliation.Moved
		if known, ok := c.named[theirs.ID]; ok {
			ours = &known
			delete(c.others, theirs.ID)
		}
		if d, differs := reconciliation.Compare(ours, theirs); differs {
			c.found = append(c.found, d)
		}
	}
	if page.Last() {
		for _, id := range slices.Sorted(maps.Keys(c.others)) {
			ours := c.others[id]
			c.found = append(c.found, reconciliation.Difference{Kind: reconciliation.Missing, Ours: &ours})
		}
	}
	c.done = append(c.done, page.Movements...)
	run.Compared += len(page.Movements)
	run.Differences += len(c.found) - known
	run.AsOf, run.Finished = page.AsOf, page.Last()
}

// next asks for what comes after the page, or tells that the day is compared.
func next(run *reconciliation.Run, page reconciliation.Page, e event.Event) ([]event.Event, error) {
	switch {
	case run.Finished:
		return contract.One(e.Next(contract.SettlementReconciled, messages.Reconciled{
			Day: run.Day.String(), Attempt: run.Attempt, Movements: run.Compared, Differences: run.Differences, AsOf: run.AsOf,
		}))
	case page.Ends():
		return ask(e, run.Day, run.Attempt, run.Compared)
	}
	return nil, nil // the next page is on its way
}
