package jobs

import (
	"context"
	_ "embed" // the queries
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	//go:embed queries/claim.sql
	claimSQL string
	//go:embed queries/meet.sql
	meetSQL string
	//go:embed queries/positions.sql
	positionsSQL string
	//go:embed queries/standing.sql
	standingSQL string
	//go:embed queries/ask.sql
	askSQL string
)

// view is how the jobs of a set stand at one moment.
type view struct {
	set       *Set
	positions map[string]time.Time // the latest due time of each job that a run was made for
	standing  map[string]Standing  // the run of each job that is under way, or else the one that ended last
	unknown   map[string]error     // jobs whose next due time is not known, and why
}

// look reads how the jobs stand. A job that is seen for the first time is due from now on.
func look(ctx context.Context, pool *pgxpool.Pool, set *Set, now time.Time) (*view, error) {
	v := &view{set: set, positions: map[string]time.Time{}, standing: map[string]Standing{}, unknown: map[string]error{}}
	var b pgx.Batch
	b.Queue(meetSQL, set.names(), now)
	b.Queue(positionsSQL, set.names()).Query(v.readPositions)
	b.Queue(standingSQL, set.names()).Query(v.readStanding)
	if err := pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("look at the jobs: %w", err)
	}
	return v, nil
}

func (v *view) readPositions(rows pgx.Rows) error {
	var name string
	var last time.Time
	_, err := pgx.ForEachRow(rows, []any{&name, &last}, func() error { v.positions[name] = last; return nil })
	return err
}

func (v *view) readStanding(rows pgx.Rows) error {
	found, err := pgx.CollectRows(rows, readStanding)
	for _, s := range found {
		v.standing[s.Job] = s
	}
	return err
}

// due returns the due time for which a job must be started now, and whether there is one.
func (v *view) due(j Job, now time.Time) (due time.Time, is bool) {
	due, is = v.missed(j, now)
	if !is || v.standing[j.Name].underWay() {
		return due, false
	}
	for _, name := range j.After {
		if v.waitsFor(name, due) {
			return due, false
		}
	}
	return due, true
}

// missed returns the first due time that has no run yet, or the latest one if the job asks for that.
func (v *view) missed(j Job, now time.Time) (due time.Time, is bool) {
	last, known := v.positions[j.Name]
	if j.Rule == nil || !known {
		return due, false
	}
	for {
		next, err := j.Rule(last)
		if err != nil {
			v.unknown[j.Name] = err
			return due, false
		}
		if next.After(now) {
			return due, is
		}
		due, last, is = next, next, true
		if !j.Latest {
			return due, is
		}
	}
}

// waitsFor tells whether a run of the named job that is due at the given time or before has not ended.
func (v *view) waitsFor(name string, due time.Time) bool {
	earlier, _ := v.set.job(name)
	if s := v.standing[name]; s.underWay() && !s.Due.After(due) {
		return true
	}
	missed, is := v.missed(earlier, due)
	return v.unknown[name] != nil || is && !missed.After(due)
}

func lateRuns(ctx context.Context, pool *pgxpool.Pool, jobs []string) ([]*record, error) {
	rows, err := pool.Query(ctx, askSQL, jobs)
	if err != nil {
		return nil, fmt.Errorf("look for parts that nobody does: %w", err)
	}
	return pgx.CollectRows(rows, readRecord)
}
