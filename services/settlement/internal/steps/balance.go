package steps

import (
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/store"
)

// balance is a part of the job that balances books: it flattens the books of one desk. Flat books stay as they are, so a run for
// the same time finds nothing to do. The cursor is the desk of the part before, so rules that change meanwhile skip no desk.
type balance struct {
	*Batch
	run       jobs.Run
	rules     []balancing.Rule // by desk
	number    int              // of the rule, from 1
	rule      balancing.Rule
	positions *[]balancing.Position
	deals     []balancing.Deal
	postings  []string
}

// Load adds up the positions of the next desk.
func (x *balance) Load(b *pgx.Batch) {
	for i, rule := range x.rules {
		if rule.Desk > x.run.Cursor {
			x.number, x.rule, x.positions = i+1, rule, store.QueuePositions(b, rule, store.LiveAt(x.run.Due))
			return
		}
	}
}

// rateWait is how long a run waits for rates that are young enough. Positions without one stay for the next run.
const rateWait = time.Hour

// Do deals, once no rate is too old.
func (x *balance) Do(now time.Time, _ event.Event) (jobs.Progress, []event.Event, error) {
	if x.positions == nil {
		return jobs.Progress{Done: len(x.rules), Total: len(x.rules), Last: true}, nil, nil
	}
	deals, old := balancing.Flatten(x.rule, *x.positions, x.static, now)
	if old != nil && (x.run.StartedAt.IsZero() || now.Sub(x.run.StartedAt) < rateWait) {
		return jobs.Progress{Done: x.run.Done, Total: len(x.rules), Cursor: x.run.Cursor, Wait: old.Error()}, nil, nil
	}
	progress := jobs.Progress{Done: x.number, Total: len(x.rules), Cursor: x.rule.Desk, Last: x.number >= len(x.rules)}
	x.deals, x.now = deals, now
	x.postings = make([]string, len(x.deals))
	for i, d := range x.deals {
		if d.Done() {
			x.postings[i] = x.postingOf(d)
			x.transfers = append(x.transfers, d.Entries(x.postings[i])...)
		}
	}
	return progress, nil, nil
}

// postingOf returns the id of an internal deal: of a run, desk, currency and value date.
func (x *balance) postingOf(d balancing.Deal) string {
	return event.NewID(event.DayOf(x.run.Due), "balancing", x.run.Due.UTC().Format(time.RFC3339Nano), strconv.Itoa(x.run.Attempt),
		d.Desk, d.Position.Currency, d.ValueDate.String())
}

// Store writes the entries and the report.
func (x *balance) Store(b *pgx.Batch) {
	x.Batch.Store(b)
	store.QueueBalancing(b, x.run.Due, x.run.Attempt, x.rule, x.deals, x.postings)
}
