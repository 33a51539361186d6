package steps

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// report is a part of the job that reports the day before its due time: trades, legs, what is still owed, and what the other jobs have
// found. Part 0 lists the value dates whose books may have changed. Each part after it adds up the books of one of them. The one that
// finds no further date makes the report in the database, and the last part tells it. A second run for the same day replaces the report.
type report struct {
	run        jobs.Run
	at         time.Time
	left       leftToDo
	dates      *[]fxdate.Date
	imbalances *int
	makes      bool   // whether this part makes the report
	made       []byte // the report as JSON, in the part that tells it
	madeAt     time.Time
}

// leftToDo is the cursor of a run: the value dates whose books are still to be added up, how many balances did not fit so far, and
// whether an earlier part has made the report.
type leftToDo struct {
	Dates      []fxdate.Date `json:"dates"`
	Imbalances int           `json:"imbalances"`
	Made       bool          `json:"made"`
}

func reporting(run jobs.Run) *report {
	r := &report{run: run}
	if run.Cursor != "" {
		_ = json.Unmarshal([]byte(run.Cursor), &r.left) // our own text
	}
	return r
}

// Load lists the value dates, adds up the books of the next one, or reads the report.
func (r *report) Load(b *pgx.Batch) {
	switch {
	case r.run.Part == 0:
		r.dates = store.QueueReportDates(b, store.LiveAt(r.run.Due))
	case r.left.Made:
		store.QueueReadReport(b, r.day(), &r.made, &r.madeAt)
	default:
		r.imbalances = store.QueueImbalances(b, r.left.Dates[0])
	}
}

// Do counts what the part has found, or tells the report.
func (r *report) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	r.at = now
	if r.left.Made {
		told, err := e.Next(contract.SettlementReported, messages.Reported{Day: r.day().String(), MadeAt: r.madeAt.UTC(), Report: r.made})
		told.Origin = contract.Batch
		return jobs.Progress{Done: r.run.Done, Total: r.run.Total, Last: true}, []event.Event{told}, err
	}
	done, total := r.run.Done, r.run.Total
	if r.dates != nil {
		r.left.Dates, total = *r.dates, len(*r.dates)
	} else {
		r.left.Dates, r.left.Imbalances = r.left.Dates[1:], r.left.Imbalances+*r.imbalances
		done++
	}
	r.makes = len(r.left.Dates) == 0
	r.left.Made = r.makes
	cursor, err := json.Marshal(r.left)
	return jobs.Progress{Done: done, Total: total, Cursor: string(cursor)}, nil, err
}

// Store makes the report.
func (r *report) Store(b *pgx.Batch) {
	if r.makes {
		store.QueueReport(b, r.day(), tradesSince(r.day().Time()), tradesSince(r.day().AddDays(1).Time()), r.at, r.left.Imbalances)
	}
}

// day is the mainframe's day before the run is due.
func (r *report) day() fxdate.Date {
	return fxdate.DateOf(r.run.Due.In(mainframeZone())).AddDays(-1)
}
