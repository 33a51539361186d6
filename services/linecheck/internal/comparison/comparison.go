// Package comparison is the job that adds up all reservations and compares them with the stored usage, each night and whenever a person
// starts it. It corrects nothing.
package comparison

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
	"fxcore/services/market/hours"
)

const (
	// Job is the name of the job.
	Job = "recompute and compare"
	// Queue brings its messages. The queue linecheck.jobs is that of the expiry.
	Queue = "linecheck.runs"
)

// mostNamed is how many differences the result names.
const mostNamed = 20

// Jobs returns the job as a set.
func Jobs() *jobs.Set {
	at, err := hours.ParseTimeOfDay("01:00", place)
	if err != nil {
		panic(err) // a constant
	}
	return jobs.New("linecheck", jobs.Job{
		Name: Job, Rule: jobs.Daily(at, nil), Latest: true,
		Begin: func(run jobs.Run) jobs.Part { return begin(run) },
	}).On(Queue)
}

// Publications returns the types that the job publishes, besides job.due, which the expiry publishes as well.
func Publications() (all []amqp.Publication) {
	for _, p := range jobs.Publications() {
		if p.Type != contract.JobDue {
			all = append(all, p)
		}
	}
	return all
}

// part compares one kind of figure. Each kind is read by one statement, so linecheck may work meanwhile.
type part struct {
	run    jobs.Run
	so     result
	found  *[]store.Difference
	at     time.Time
	isLast bool
}

// result is the cursor: what the parts before have found.
type result struct {
	Differences int      `json:"differences"`
	Named       []string `json:"named"`
}

func begin(run jobs.Run) *part {
	p := &part{run: run, isLast: run.Part == len(store.Figures)-1}
	if run.Cursor != "" {
		_ = json.Unmarshal([]byte(run.Cursor), &p.so) // our own text
	}
	return p
}

// Load reads the differences of the part's figure.
func (p *part) Load(b *pgx.Batch) { p.found = store.QueueDifferences(b, store.Figures[p.run.Part]) }

// Do counts and names them. The last part tells the result.
func (p *part) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	p.at = now
	for _, d := range *p.found {
		p.so.Differences++
		if len(p.so.Named) < mostNamed {
			p.so.Named = append(p.so.Named, d.String())
		}
	}
	text, err := json.Marshal(p.so)
	progress := jobs.Progress{Done: p.run.Part + 1, Total: len(store.Figures), Cursor: string(text), Last: p.isLast}
	if err != nil || !p.isLast {
		return progress, nil, err
	}
	told, err := e.Next(contract.LinesCompared, messages.Compared{
		Day: dayBefore(p.run.Due).String(), MadeAt: now.UTC(), Differences: p.so.Differences, Named: p.so.Named,
	})
	told.Origin = contract.Batch
	return progress, []event.Event{told}, err
}

// dayBefore returns the day that has ended before a run is due.
func dayBefore(due time.Time) fxdate.Date { return fxdate.DateOf(due.In(zone())).AddDays(-1) }

// place is where the job's days are counted.
const place = "Europe/Berlin"

var zone = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(place)
	if err != nil {
		panic(err) // a constant
	}
	return zone
})

// Store keeps the result, after the last figure.
func (p *part) Store(b *pgx.Batch) {
	if p.isLast {
		store.QueueComparison(b, p.run.Due, p.at, p.so.Differences, p.so.Named)
	}
}
