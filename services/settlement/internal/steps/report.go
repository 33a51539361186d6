package steps

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/store"
)

// report is a part of the job that reports the day before its due time: trades, legs, what is still owed, and what the other jobs have
// found. Part 0 lists the value dates whose books may have changed. Each part after it adds up the books of one of them, and the last
// one makes the report. A second run for the same day replaces the report.
type report struct {
	run        jobs.Run
	at         time.Time
	left       leftToCheck
	dates      *[]fxdate.Date
	imbalances *int
	done       bool
}

// leftToCheck is the cursor of a run: the value dates whose books are still to be added up, and how many balances did not fit so far.
type leftToCheck struct {
	Dates      []fxdate.Date `json:"dates"`
	Imbalances int           `json:"imbalances"`
}

func reporting(run jobs.Run) *report {
	r := &report{run: run}
	if run.Cursor != "" {
		_ = json.Unmarshal([]byte(run.Cursor), &r.left) // our own text
	}
	return r
}

// Load lists the value dates, or adds up the books of the next one.
func (r *report) Load(b *pgx.Batch) {
	switch {
	case r.run.Part == 0:
		r.dates = store.QueueReportDates(b, store.LiveAt(r.run.Due))
	case len(r.left.Dates) > 0:
		r.imbalances = store.QueueImbalances(b, r.left.Dates[0])
	}
}

// Do counts what the part has found.
func (r *report) Do(now time.Time, _ event.Event) (jobs.Progress, []event.Event, error) {
	r.at = now
	done, total := r.run.Done, r.run.Total
	switch {
	case r.dates != nil:
		r.left.Dates, total = *r.dates, len(*r.dates)
	case r.imbalances != nil:
		r.left.Dates, r.left.Imbalances = r.left.Dates[1:], r.left.Imbalances+*r.imbalances
		done++
	}
	r.done = len(r.left.Dates) == 0
	text, err := json.Marshal(r.left)
	return jobs.Progress{Done: done, Total: total, Cursor: string(text), Last: r.done}, nil, err
}

// Store makes the report.
func (r *report) Store(b *pgx.Batch) {
	if !r.done {
		return
	}
	day := fxdate.DateOf(r.run.Due.In(mainframeZone())).AddDays(-1)
	store.QueueReport(b, day, tradesSince(day.Time()), tradesSince(day.AddDays(1).Time()), r.at, r.left.Imbalances)
}
