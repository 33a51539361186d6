package store

import (
	"context"
	_ "embed" // the queries
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	//go:embed queries/run.sql
	runSQL string
	//go:embed queries/runs.sql
	runsSQL string
)

// Run is one run of a job of any service, or a command about a job that was refused.
type Run struct {
	ID         string     `json:"id" format:"uuid"`
	Service    string     `json:"service,omitempty" doc:"Absent until the run has ended"`
	Job        string     `json:"job"`
	Due        *time.Time `json:"due,omitempty" doc:"Absent: of a refused command that named none"`
	Attempt    int        `json:"attempt" doc:"0: started by the clock; from 1: by a person"`
	State      string     `json:"state" enum:"running,finished,failed,refused" doc:"refused: a command, and nothing was done"`
	Done       int64      `json:"done" doc:"In the job's own unit, such as legs"`
	Total      int64      `json:"total" doc:"0: not known"`
	PerSecond  float64    `json:"per_second" doc:"0: not known"`
	Remaining  int64      `json:"remaining_seconds" doc:"Estimated; 0: ended, or not known"`
	By         string     `json:"by,omitempty" doc:"The person who started it, or gave the command"`
	Reason     string     `json:"reason,omitempty"`
	Error      string     `json:"error,omitempty" doc:"Why it failed or was refused"`
	CommandID  string     `json:"command_id,omitempty" doc:"As the answer to the command told it"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`

	Part int `json:"-"` // how many are done, of a run under way
}

// Running is the state of a run that has not ended.
const Running = "running"

// QueueRun queues what a message has told of a run. What it told after the run's end stands above all else.
func QueueRun(b *pgx.Batch, r Run) {
	part := int32(math.MaxInt32)
	if r.State == Running {
		part = int32(min(r.Part, math.MaxInt32-1)) //nolint:gosec // bounded
	}
	b.Queue(runSQL, r.ID, r.Service, r.Job, r.Due, r.Attempt, r.State, part, r.Done, r.Total, r.By, storable(r.Reason), storable(r.Error),
		wish(r.CommandID), r.StartedAt, r.FinishedAt)
}

// RunFilter selects runs. An empty field takes all.
type RunFilter struct{ Service, Job, State, Command string }

// Runs returns at most limit runs, those of which the last message told first.
func (m Model) Runs(ctx context.Context, f RunFilter, limit int) ([]Run, error) {
	runs, err := collect(ctx, m, readRun, runsSQL, wish(f.Service), wish(f.Job), wish(f.State), wish(f.Command), limit)
	if err != nil {
		return nil, fmt.Errorf("list runs of jobs: %w", err)
	}
	return runs, nil
}

func readRun(row pgx.CollectableRow) (r Run, err error) {
	err = row.Scan(&r.ID, &r.Service, &r.Job, &r.Due, &r.Attempt, &r.State, &r.Done, &r.Total, &r.By, &r.Reason, &r.Error, &r.CommandID,
		&r.StartedAt, &r.FinishedAt, &r.PerSecond)
	if r.State == Running && r.PerSecond > 0 && r.Total > r.Done {
		r.Remaining = int64(math.Ceil(float64(r.Total-r.Done) / r.PerSecond))
	}
	return r, err
}
