package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/health"
	"fxcore/lambda/run"
)

// Serve makes the set a part of the program: it consumes the set's queue, starts what is due, and shows the progress in the
// program's health. The clock is the bank's.
func (s *Set) Serve(app *run.App, box run.Inbox, pool *pgxpool.Pool, bus Publisher, clock func() time.Time) {
	schedule := &Schedule{Set: s, Pool: pool, Publisher: bus, Clock: clock, Source: app.Source, Log: app.Log}
	schedule.show(app.Health)
	box.Consume(s.Queue().Name, resting{s, s.Steps(clock)})
	app.Go("jobs", schedule.Run)
}

// show registers a warning, and four numbers for each job: jobs.NAME.done, .total, .per_second and .remaining_seconds of the run
// that is under way, or else of the one that ended last. Blanks in a name become underscores.
func (s *Schedule) show(h *health.Health) {
	h.Warn("jobs", s.concerns)
	for _, j := range s.Set.jobs {
		number := func(name string, of func(Standing) int64) {
			h.Gauge("jobs."+strings.ReplaceAll(j.Name, " ", "_")+"."+name, func() int64 { return of(s.standing(j.Name)) })
		}
		measure := func(name string, of func(Standing) float64) {
			h.Measure("fx_job_"+name+`{job="`+strings.ReplaceAll(j.Name, " ", "_")+`"}`, func() float64 { return of(s.standing(j.Name)) })
		}
		measure("done", func(s Standing) float64 { return float64(s.Done) })
		measure("planned", func(s Standing) float64 { return float64(s.Total) })
		measure("remaining_seconds", func(s Standing) float64 { return s.Remaining().Seconds() })
		measure("failed", func(s Standing) float64 { return oneIf(s.State == Failed) })
		measure("stalled", func(s Standing) float64 { return oneIf(s.underWay() && s.Asked >= concerned) })
		number("done", func(s Standing) int64 { return int64(s.Done) })
		number("total", func(s Standing) int64 { return int64(s.Total) })
		number("per_second", func(s Standing) int64 { return int64(s.PerSecond()) })
		number("remaining_seconds", func(s Standing) int64 { return int64(s.Remaining().Seconds()) })
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// standing returns a job's run as the last tick saw it.
func (s *Schedule) standing(job string) Standing {
	v := s.seen.Load()
	if v == nil {
		return Standing{}
	}
	return v.standing[job]
}

// Bounds until which the health does not warn: how often a part's message may be published again, and how long a run may have
// taken when it waits.
const (
	concerned   = 2
	longWaiting = 5 * time.Minute
)

// concerns is a health check: it names the jobs that failed, that stand still, or whose next due time is not known.
func (s *Schedule) concerns(context.Context) error {
	v := s.seen.Load()
	if v == nil {
		return nil
	}
	var faults []string
	for name, r := range v.standing {
		switch {
		case r.State == Failed:
			faults = append(faults, fmt.Sprintf("%s for %s failed: %s", name, r.Due.Format(time.RFC3339), r.Error))
		case r.WaitsFor != "" && r.Took >= longWaiting:
			faults = append(faults, fmt.Sprintf("%s for %s waits for %s", name, r.Due.Format(time.RFC3339), r.WaitsFor))
		case r.underWay() && r.Asked >= concerned:
			faults = append(faults, fmt.Sprintf("nobody does part %d of %s: see the queues %s and fx.errors", r.Part, name, s.Set.Queue().Name))
		}
	}
	for name, err := range v.unknown {
		faults = append(faults, fmt.Sprintf("when %s is due is not known: %s", name, err))
	}
	if len(faults) == 0 {
		return nil
	}
	slices.Sort(faults)
	return errors.New(strings.Join(faults, "; "))
}
