package watch

import (
	"context"
	_ "embed" // the queries
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/jobs"
)

// Job is a job of a service, with its run that is under way, or else the one that ended last.
type Job struct {
	Service          string    `json:"service"`
	Name             string    `json:"name"`
	State            string    `json:"state"` // due, running, finished or failed
	Due              time.Time `json:"due"`   // the bank's time
	Done             int       `json:"done"`
	Total            int       `json:"total"` // 0 if it is not known
	PerSecond        float64   `json:"per_second"`
	RemainingSeconds float64   `json:"remaining_seconds"`
	WaitsFor         string    `json:"waits_for,omitempty"`
	Error            string    `json:"error,omitempty"` // why it failed
	By               string    `json:"by,omitempty"`    // who started it, if the clock did not
}

// Settlements counts legs of trades.
type Settlements struct {
	Due      int64 `json:"due"` // their time has come, and they are neither executed nor failed
	Executed int64 `json:"executed"`
	Failed   int64 `json:"failed"` // refused or unanswered: a person acts
}

var (
	//go:embed queries/schemas_with_jobs.sql
	schemasQuery string
	//go:embed queries/jobs.sql
	jobsQuery string
	//go:embed queries/settlements.sql
	settlementsQuery string
)

// jobs reads the jobs of every service that has some.
func (b *book) jobs(ctx context.Context, r *Report) error {
	rows, err := b.conn.Query(ctx, schemasQuery)
	if err != nil {
		return fmt.Errorf("look for jobs: %w", err)
	}
	schemas, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for jobs: %w", err)
	}
	all := []Job{}
	for _, service := range schemas {
		found, err := b.jobsOf(ctx, service)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	r.Jobs = all
	return nil
}

func (b *book) jobsOf(ctx context.Context, service string) ([]Job, error) {
	rows, err := b.conn.Query(ctx, fmt.Sprintf(jobsQuery, pgx.Identifier{service}.Sanitize()))
	if err != nil {
		return nil, fmt.Errorf("read jobs of %s: %w", service, err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Job, error) {
		var s jobs.Standing
		var seconds float64
		err := row.Scan(&s.Job, &s.Due, &s.State, &s.Done, &s.Total, &s.Error, &s.WaitsFor, &s.By, &seconds)
		s.Took = time.Duration(seconds * float64(time.Second))
		return jobOf(service, s), err
	})
	if err != nil {
		return nil, fmt.Errorf("read jobs of %s: %w", service, err)
	}
	return found, nil
}

func jobOf(service string, s jobs.Standing) Job {
	return Job{
		Service: service, Name: s.Job, State: s.State, Due: s.Due.UTC(), Done: s.Done, Total: s.Total, PerSecond: s.PerSecond(),
		RemainingSeconds: s.Remaining().Seconds(), WaitsFor: s.WaitsFor, Error: s.Error, By: s.By,
	}
}

// settled is what was counted last. As with counts, the cost grows with the data.
type settled struct {
	Settlements
	day  string
	next time.Time
}

func (b *book) settlements(ctx context.Context, r *Report) error {
	if began := time.Now(); began.After(b.settled.next) {
		var c settled
		if err := b.conn.QueryRow(ctx, settlementsQuery).Scan(&c.Due, &c.Executed, &c.Failed, &c.day); err != nil {
			return fmt.Errorf("count settlements: %w", err)
		}
		c.next = time.Now().Add(50 * time.Since(began))
		b.settled = c
	}
	r.Settlements, r.BusinessDay = b.settled.Settlements, b.settled.day
	return nil
}
