package steps

import (
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/store"
)

// settlePast is a part of the job that records past movements as settled by hand: those of value dates before the date for which a person
// has started the run, and only those that the mainframe was never asked for, because their cut-off had passed. So the legs of trades
// from before settlement existed come to their end, and their lines are freed. The run's person and reason are kept with each movement.
type settlePast struct {
	*Batch
	run  jobs.Run
	size int
}

// Load locks the next movements.
func (x *settlePast) Load(b *pgx.Batch) {
	x.movements.QueueTooLate(b, tooLate, x.before(), x.run.Cursor, x.size)
}

// Do settles them by hand. One with a leg that a later version has replaced is withdrawn instead.
func (x *settlePast) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	progress := jobs.Progress{Done: x.run.Done + len(x.movements), Cursor: x.run.Cursor, Last: len(x.movements) < x.size}
	x.now = now
	var emitted []event.Event
	for _, id := range slices.Sorted(maps.Keys(x.movements)) {
		told, err := x.settle(x.movements[id], now, e)
		if err != nil {
			return jobs.Progress{}, nil, err
		}
		emitted, progress.Cursor = append(emitted, told...), id
	}
	return progress, emitted, nil
}

func (x *settlePast) settle(m *store.Movement, now time.Time, e event.Event) ([]event.Event, error) {
	if superseded(m) {
		m.By, m.Why, m.At = x.run.By, x.run.Reason, now
		return x.follow(m, now, e)
	}
	if err := m.SettleByHand(x.run.By, x.run.Reason, "BEFORE "+x.before().String(), now); err != nil {
		return nil, err
	}
	return x.follow(m, now, e)
}

// before is the date for which the run was started, in the mainframe's place.
func (x *settlePast) before() fxdate.Date { return fxdate.DateOf(x.run.Due.In(frankfurt())) }
