package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/store"
)

// report is the job that reports the day before its due time: trades, legs, what is still owed, and what the other jobs have found. A
// second run for the same day replaces the report.
type report struct {
	run jobs.Run
	at  time.Time
}

// Load loads nothing.
func (r *report) Load(*pgx.Batch) {}

// Do notes the time.
func (r *report) Do(now time.Time, _ event.Event) (jobs.Progress, []event.Event, error) {
	r.at = now
	return jobs.Progress{Done: 1, Total: 1, Last: true}, nil, nil
}

// Store makes the report.
func (r *report) Store(b *pgx.Batch) {
	day := fxdate.DateOf(r.run.Due.In(mainframeZone())).AddDays(-1)
	store.QueueReport(b, day, tradesSince(day.Time()), tradesSince(day.AddDays(1).Time()), r.at)
}
