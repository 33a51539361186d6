package jobs

import (
	_ "embed" // the queries
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	//go:embed queries/load.sql
	loadSQL string
	//go:embed queries/attempts.sql
	attemptsSQL string
	//go:embed queries/insert.sql
	insertSQL string
	//go:embed queries/save.sql
	saveSQL string
)

// record is the row of a run. Its Part is the next one to be done.
type record struct {
	Run
	state    string
	fault    string
	waits    string // what the next part waits for
	finished time.Time
	made     bool // by this batch
	changed  bool
}

func (r *record) open() bool { return r.state == Due || r.state == Running }

// end ends the run. fault is why it failed, or empty.
func (r *record) end(now time.Time, state, fault string) {
	r.state, r.fault, r.finished, r.changed, r.waits = state, fault, now.UTC(), true, ""
}

// follow notes what a part has done.
func (r *record) follow(now time.Time, p Progress) {
	if r.StartedAt.IsZero() {
		r.StartedAt = now.UTC()
	}
	r.Part, r.Done, r.Total, r.Cursor = r.Part+1, p.Done, p.Total, p.Cursor
	r.state, r.changed, r.waits = Running, true, p.Wait
	if p.Last {
		r.end(now, Finished, "")
	}
}

// ended is the data of job.finished.
func (r *record) ended(service string) Ended {
	return Ended{
		Service: service, Job: r.Job, Due: r.Due, Attempt: r.Attempt, State: r.state, Error: r.fault, Parts: r.Part, Done: r.Done, Total: r.Total,
		By: r.By, Reason: r.Reason, StartedAt: r.StartedAt, FinishedAt: r.finished,
	}
}

// columns are the destinations of a row's columns, in the order of the queries. settle must be called after the scan.
func (r *record) columns() (destinations []any, settle func()) {
	var started, finished *time.Time
	settle = func() { r.Due, r.StartedAt, r.finished = r.Due.UTC(), orZero(started), orZero(finished) }
	return []any{
		&r.Job, &r.Due, &r.Attempt, &r.Part, &r.Cursor, &r.Done, &r.Total, &r.By, &r.Reason, &r.state, &r.fault, &r.waits, &started,
		&finished,
	}, settle
}

func readRecord(row pgx.CollectableRow) (*record, error) {
	var r record
	destinations, settle := r.columns()
	if err := row.Scan(destinations...); err != nil {
		return nil, fmt.Errorf("read a run: %w", err)
	}
	settle()
	return &r, nil
}

func (r *record) save(b *pgx.Batch) {
	if r.made {
		b.Queue(insertSQL, r.Job, r.Due, r.Attempt, r.By, r.Reason)
	}
	b.Queue(saveSQL, r.Job, r.Due, r.Attempt, r.state, r.Part, r.Cursor, r.Done, r.Total, r.fault, r.waits,
		orNull(r.StartedAt), orNull(r.finished))
}

// keys are the columns of keys, for unnest.
func keys(of map[key]bool) (jobs []string, due []time.Time, attempts []int) {
	for k := range of {
		jobs, due, attempts = append(jobs, k.job), append(due, k.due), append(attempts, k.attempt)
	}
	return jobs, due, attempts
}

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}

func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
