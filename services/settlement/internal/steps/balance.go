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
// the same time finds nothing to do.
type balance struct {
	*Batch
	run       jobs.Run
	rules     []balancing.Rule // by desk
	rule      balancing.Rule
	positions *[]balancing.Position
	deals     []balancing.Deal
	postings  []string
}

// Load adds up the positions of the next desk.
func (x *balance) Load(b *pgx.Batch) {
	if x.run.Part < len(x.rules) {
		x.rule = x.rules[x.run.Part]
		x.positions = store.QueuePositions(b, x.rule)
	}
}

// Do deals.
func (x *balance) Do(now time.Time, _ event.Event) (jobs.Progress, []event.Event, error) {
	progress := jobs.Progress{Done: x.run.Part + 1, Total: len(x.rules), Last: x.run.Part+1 >= len(x.rules)}
	if x.positions == nil {
		return jobs.Progress{Last: true}, nil, nil
	}
	x.deals, x.now = balancing.Flatten(x.rule, *x.positions, x.static), now
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
