package steps

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
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
	named   store.Ours  // what we know of the movements that the pages name
	earlier store.Found // which of them earlier pages have named
	changed bool
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
		s[story].load(b)
	}
}

func (c *comparison) load(b *pgx.Batch) {
	c.run = store.QueueReconciliation(b, c.day, c.attempt)
	for _, page := range c.pages {
		c.named.QueueOurs(b, page.Movements, executionOf)
		c.earlier.QueueFound(b, c.day, c.attempt, page.Movements)
	}
}

// Store queues the writes of what was compared.
func (s Statements) Store(b *pgx.Batch) {
	for _, c := range s {
		if c.changed {
			store.QueueFoundOn(b, *c.run, c.done)
			store.QueueCompared(b, *c.run, c.found)
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
		s[c.story] = &comparison{day: c.page.Day, attempt: c.page.Attempt, named: store.Ours{}, earlier: store.Found{}}
	}
	s[c.story].pages = append(s[c.story].pages, c.page.Page)
}

// Decide compares the page with what we know, if it is the next one of its run, and asks for what comes after it. When the last one has
// come, the job lists what the statement lacks and tells the result.
func (c compare) Decide(s Statements, _ time.Time, e event.Event) ([]event.Event, error) {
	batch := s[c.story]
	run := *batch.run
	switch {
	case run == nil:
		return nil, fmt.Errorf("nobody asked for the statement of %s", c.story)
	case run.Finished || run.AtEnd || c.page.First < run.Compared:
		return nil, nil // compared already, or another run has taken its place
	case c.page.First > run.Compared && c.page.Ends():
		return ask(e, run.Day, run.Attempt, run.Compared) // a page before it was lost, or is late
	case c.page.First > run.Compared:
		return nil, nil // the last page of those that were asked for asks for all of them again
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
	c.changed = true
	for i, theirs := range page.Movements {
		d, differs := c.judge(theirs)
		if differs {
			d.Position = page.First + i + 1
			c.found = append(c.found, d)
		}
		c.earlier[theirs.ID] = true
	}
	c.done = append(c.done, page.Movements...)
	run.Compared += len(page.Movements)
	run.Differences += len(c.found) - known
	run.Total, run.AsOf, run.AtEnd, run.Complete = page.Total, page.AsOf, page.Last(), page.Complete
}

func (c *comparison) judge(theirs reconciliation.Moved) (reconciliation.Difference, bool) {
	var ours *reconciliation.Moved
	known, ok := c.named[theirs.ID]
	if ok {
		ours = &known.Moved
	}
	if c.earlier[theirs.ID] {
		return reconciliation.Difference{Kind: reconciliation.Repeated, Ours: ours, Theirs: &theirs}, true
	}
	if d, differs := reconciliation.Compare(ours, theirs); differs {
		return d, true
	}
	return reconciliation.Books(known.Booked, ours, theirs)
}

// next asks for what comes after the page.
func next(run *reconciliation.Run, page reconciliation.Page, e event.Event) ([]event.Event, error) {
	if page.Last() || !page.Ends() {
		return nil, nil // all have come, or the next page is on its way
	}
	return ask(e, run.Day, run.Attempt, run.Compared)
}
