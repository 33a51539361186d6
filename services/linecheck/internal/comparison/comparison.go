// Package comparison is the job that adds up all reservations and compares them with the stored usage, each night and whenever a person
// starts it. It corrects nothing.
package comparison

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/jobs"
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
	at, err := hours.ParseTimeOfDay("01:00", "Europe/Berlin")
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

// Do counts and names them.
func (p *part) Do(now time.Time, _ event.Event) (jobs.Progress, []event.Event, error) {
	p.at = now
	for _, d := range *p.found {
		p.so.Differences++
		if len(p.so.Named) < mostNamed {
			p.so.Named = append(p.so.Named, d.String())
		}
	}
	text, err := json.Marshal(p.so)
	return jobs.Progress{Done: p.run.Part + 1, Total: len(store.Figures), Cursor: string(text), Last: p.isLast}, nil, err
}

// Store keeps the result, after the last figure.
func (p *part) Store(b *pgx.Batch) {
	if p.isLast {
		store.QueueComparison(b, p.run.Due, p.at, p.so.Differences, p.so.Named)
	}
}
