package steps

import (
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
)

// patience is how long after the cut-off an answer of the mainframe may be on its way.
const patience = 30 * time.Second

// watch is a part of the job that watches cut-offs: it tells of movements that the mainframe has not answered in time, and of those
// that it made early, once their value date has begun.
type watch struct {
	*Batch
	run  jobs.Run
	size int
}

// Load locks movements whose cut-off has passed, and those whose value date has begun.
func (w *watch) Load(b *pgx.Batch) {
	w.movements.QueueOverdue(b, w.run.Due.Add(-patience), fxdate.DateOf(w.run.Due.In(frankfurt())), w.size)
}

// Do tells which legs have failed.
func (w *watch) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	var emitted []event.Event
	for _, id := range slices.Sorted(maps.Keys(w.movements)) {
		m := w.movements[id]
		if !m.Count() && !m.Expire(now) {
			continue
		}
		told, err := w.follow(m, now, e)
		if err != nil {
			return jobs.Progress{}, nil, err
		}
		emitted = append(emitted, told...)
	}
	w.now = now
	return jobs.Progress{Done: w.run.Done + len(w.changed), Last: len(w.changed) < w.size}, emitted, nil
}
