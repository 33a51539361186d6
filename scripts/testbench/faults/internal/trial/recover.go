package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// recover checks that the core recovers without help. Within the core's Patience after the last fault, every process
// must be ready, and every provider must have a new request granted.
func (t *trial) recover(ctx context.Context) {
	healed := time.Now()
	for _, s := range t.streams {
		s.Await()
	}
	waiting, cancel := context.WithTimeout(ctx, t.core.Patience)
	defer cancel()
	traded := make(chan error, 1)
	go func() { traded <- t.resumed(waiting) }()
	returning, end := context.WithTimeout(ctx, t.patience())
	defer end()
	t.check("recovered", "processes", t.returned(returning))
	t.result.ReadyMS = time.Since(healed).Milliseconds()
	t.check("recovered", "trading", <-traded)
	t.result.TradingMS = t.lastResumed(healed).Milliseconds()
}

// patience is how long the processes may take to be ready: a server of a full start, and who uses it, longer than the core.
func (t *trial) patience() time.Duration {
	for _, d := range t.done {
		if slices.Contains(schedule.FullServers(), d.Target) {
			return max(t.core.Patience, fullBound)
		}
	}
	return t.core.Patience
}

// returned waits until the processes that were ended have successors, and all processes are ready.
func (t *trial) returned(ctx context.Context) error {
	for _, d := range t.done {
		if d.Skipped != "" || !d.Kind.Ends() {
			continue
		}
		if err := t.core.stack.AwaitReturn(ctx, stack.Process{Name: d.Target, PID: d.PID}); err != nil {
			return err
		}
	}
	return t.core.stack.AwaitReady(ctx)
}

// resumed waits until every stream has a request granted that it made after the faults.
func (t *trial) resumed(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var late []string
		for i, s := range t.streams {
			if _, yes := s.Resumed(); !yes {
				late = append(late, t.name(i))
			}
		}
		if len(late) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s had no new request granted within %s", strings.Join(late, ", "), t.core.Patience)
		case <-tick.C:
		}
	}
}

// undrain undoes the drain of every instance, also where the command to drain had no answer.
func (t *trial) undrain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.core.Patience)
	defer cancel()
	for _, d := range t.done {
		if d.Kind == schedule.Drain {
			t.check("recovered", d.Target, t.core.Command(ctx, "failover", "undrain", d.Target))
		}
	}
}

func (t *trial) lastResumed(healed time.Time) time.Duration {
	last := time.Duration(0)
	for _, s := range t.streams {
		at, yes := s.Resumed()
		if !yes {
			return time.Since(healed)
		}
		last = max(last, at.Sub(healed))
	}
	return last
}
