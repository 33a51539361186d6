package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"fxcore/scripts/faults/internal/report"
	"fxcore/scripts/oracle"
	"fxcore/scripts/oracle/record"
)

// judge waits for the core to come to rest, and holds all that it has ever done against the rules.
func (t *trial) judge(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	found, err := oracle.Settle(ctx, func(ctx context.Context) (oracle.Evidence, error) {
		e, err := t.core.Evidence(ctx)
		if err == nil {
			t.last = e
		}
		return e, err
	}, oracle.Rules()...)
	t.check("judged", "the core", err)
	for _, v := range found {
		t.result.Violations = append(t.result.Violations, report.Violation{Rule: v.Rule, ID: v.ID, Text: v.Text})
	}
	t.check("lines recomputed", "linecheck", t.core.recompute(ctx))
	t.unharmed()
}

// Evidence is everything since the core's start.
func (c *Core) Evidence(ctx context.Context) (oracle.Evidence, error) {
	var e oracle.Evidence
	files, err := filepath.Glob(filepath.Join(c.records(), "*.jsonl"))
	if err != nil {
		return e, fmt.Errorf("list records: %w", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return e, fmt.Errorf("read records: %w", err)
		}
		err = record.Read(file, name, &e)
		_ = file.Close()
		if err != nil {
			return e, err
		}
	}
	return e, c.places.Collect(ctx, &e)
}

// recompute asks linecheck itself whether its figures are what its reservations add up to.
func (c *Core) recompute(ctx context.Context) error { return c.Command(ctx, "linecheck", "-recompute") }

// restarts are how often each process was started again so far.
func (c *Core) restarts() map[string]int {
	all := map[string]int{}
	r, err := c.stack.Record()
	if err != nil {
		return all
	}
	for _, p := range r.Processes {
		all[p.ID()] = p.Restarts
	}
	return all
}

// check makes a violation of an error.
func (t *trial) check(rule, id string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		t.broken(rule, id, err)
	}
}

func (t *trial) broken(rule, id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Violations = append(t.result.Violations, report.Violation{Rule: rule, ID: id, Text: err.Error()})
}
