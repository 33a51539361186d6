package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// EndDay is the job that ends the business day and begins the next one. A person starts it, where days are run ahead.
const EndDay = "end the business day"

// The stops of the bank's clock on its way to the next morning, in the mainframe's place. In the evening the first payments of the next
// day have begun everywhere in Asia: what is due tomorrow in their mornings is instructed today.
const (
	evening = 21
	dawn    = 8
)

// EndDays returns that job. businessDay returns the bank's business day as the clock knows it, YYYY-MM-DD.
func EndDays(businessDay func() string) jobs.Job {
	return jobs.Job{Name: EndDay, Begin: func(run jobs.Run) jobs.Part { return ending(run, businessDay) }}
}

// endDay is a part of that job. The clock goes through the evening and the morning of each date, also of a weekend, until a business day
// has begun. At each stop the run waits until the clock is there, and then until what is due is done. The cursor is the stop.
type endDay struct {
	run         jobs.Run
	stop        time.Time // zero: the clock is still where the run has found it
	businessDay func() string
	undone      string // what is due at the stop and not done yet
}

func ending(run jobs.Run, businessDay func() string) *endDay {
	d := &endDay{run: run, businessDay: businessDay}
	if run.Cursor != "" {
		d.stop, _ = time.Parse(time.RFC3339, run.Cursor) // our own text
	}
	return d
}

// Load looks at what is due at the stop.
func (d *endDay) Load(b *pgx.Batch) {
	if !d.stop.IsZero() {
		store.QueueUndone(b, store.Dues{
			Execute: d.stop.Truncate(executeEvery), Reconcile: latest(d.stop, "Europe/Berlin", 1, 30), Balance: latest(d.stop, "America/New_York", 17, 0),
		}, &d.undone)
	}
}

// Do waits for the stop, or has the clock moved on to the next one.
func (d *endDay) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	here := jobs.Progress{Done: d.run.Done, Cursor: d.run.Cursor}
	switch {
	case d.stop.IsZero():
		return d.move(now, e, 0)
	case now.Before(d.stop):
		here.Wait = "the bank's clock to be moved to " + d.stop.Format(time.RFC3339)
		return here, nil, nil
	case d.undone != "":
		here.Wait = d.undone
		return here, nil, nil
	case d.businessDay() == d.stop.In(mainframeZone()).Format(time.DateOnly) && d.stop.In(mainframeZone()).Hour() == dawn:
		return jobs.Progress{Done: d.run.Done + 1, Last: true}, nil, nil
	}
	return d.move(d.stop, e, d.run.Done+1)
}

// move asks for the clock to be moved to the stop after a time.
func (d *endDay) move(from time.Time, e event.Event, done int) (jobs.Progress, []event.Event, error) {
	to := nextStop(from)
	asked, err := e.Next(contract.ClockCommanded, messages.ClockCommanded{To: to})
	asked.Origin = contract.Batch
	events, err := contract.One(asked, err)
	return jobs.Progress{Done: done, Cursor: to.Format(time.RFC3339), Wait: "the bank's clock to be moved"}, events, err
}

// Store stores nothing: the run's row has the stop.
func (d *endDay) Store(*pgx.Batch) {}

// nextStop returns the evening of a time's date, or the next morning.
func nextStop(from time.Time) time.Time {
	from = from.In(mainframeZone())
	year, month, day := from.Date()
	if from.Hour() < evening {
		return time.Date(year, month, day, evening, 0, 0, 0, from.Location()).UTC()
	}
	return time.Date(year, month, day+1, dawn, 0, 0, 0, from.Location()).UTC()
}

// latest returns the last time until at when it was that time of day in a place.
func latest(at time.Time, place string, hour, minute int) time.Time {
	zone, err := time.LoadLocation(place)
	if err != nil {
		panic(err) // the program has the zones in itself
	}
	year, month, day := at.In(zone).Date()
	due := time.Date(year, month, day, hour, minute, 0, 0, zone)
	if due.After(at) {
		due = time.Date(year, month, day-1, hour, minute, 0, 0, zone)
	}
	return due
}
