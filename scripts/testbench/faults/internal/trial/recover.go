package trial

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// recover: nobody helps. Every process is ready again, and every provider's new requests are granted, within the core's
// Patience of the last fault.
func (t *trial) recover(ctx context.Context) {
	healed := time.Now()
	for _, s := range t.streams {
		s.Await()
	}
	waiting, cancel := context.WithTimeout(ctx, t.core.Patience)
	defer cancel()
	traded := make(chan error, 1)
	go func() { traded <- t.resumed(waiting) }()
	t.check("recovered", "processes", t.returned(waiting))
	t.result.ReadyMS = time.Since(healed).Milliseconds()
	t.check("recovered", "trading", <-traded)
	t.result.TradingMS = t.lastResumed(healed).Milliseconds()
}

// returned waits until others do the work of those that were ended, and all are ready.
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

// resumed waits until every stream has something granted that it asked for after the faults.
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
			return fmt.Errorf("nothing new is granted to %s after %s", strings.Join(late, ", "), t.core.Patience)
		case <-tick.C:
		}
	}
}

// undrain lets in again what was drained, or what may have been: for a command that nobody saw through.
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
