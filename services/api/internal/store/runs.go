package store

import (
	"context"
	_ "embed" // the queries
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/run.sql
	runSQL string
	//go:embed queries/runs.sql
	runsSQL string
)

// QueueRun queues what a message has told of a run. What it told after the run's end stands above all else.
func QueueRun(b *pgx.Batch, r blotter.Run) {
	part := int32(math.MaxInt32)
	if r.State == blotter.Running {
		part = int32(min(r.Part, math.MaxInt32-1)) //nolint:gosec // bounded
	}
	b.Queue(runSQL, r.ID, r.Service, r.Job, r.Due, r.Attempt, r.State, part, r.Done, r.Total, r.By, storable(r.Reason), storable(r.Error),
		wish(r.CommandID), r.StartedAt, r.FinishedAt)
}

// RunFilter selects runs. An empty field takes all.
type RunFilter struct{ Service, Job, State, Command string }

// Runs returns at most limit runs, those of which the last message told first.
func (m Model) Runs(ctx context.Context, f RunFilter, limit int) ([]blotter.Run, error) {
	runs, err := collect(ctx, m, readRun, runsSQL, wish(f.Service), wish(f.Job), wish(f.State), wish(f.Command), limit)
	if err != nil {
		return nil, fmt.Errorf("list runs of jobs: %w", err)
	}
	return runs, nil
}

func readRun(row pgx.CollectableRow) (r blotter.Run, err error) {
	err = row.Scan(&r.ID, &r.Service, &r.Job, &r.Due, &r.Attempt, &r.State, &r.Done, &r.Total, &r.By, &r.Reason, &r.Error, &r.CommandID,
		&r.StartedAt, &r.FinishedAt, &r.PerSecond)
	if r.State == blotter.Running && r.PerSecond > 0 && r.Total > r.Done {
		r.Remaining = int64(math.Ceil(float64(r.Total-r.Done) / r.PerSecond))
	}
	return r, err
}
