package trial

import (
	"context"
	"errors"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
	"fxcore/scripts/testbench/oracle/stores"
)

// judge waits until the core is at rest and checks its whole history against the rules.
func (t *trial) judge(ctx context.Context) {
	t.check("due is executed", "settlement", t.core.execute(ctx))
	resting, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	found, last, err := t.core.Judge(resting)
	t.last = last
	t.check("judged", "the core", err)
	t.result.Violations = append(t.result.Violations, found...)
	recomputing, end := context.WithTimeout(ctx, restBound) // the first bound may be used up
	defer end()
	t.check("lines recomputed", "linecheck", t.core.recompute(recomputing))
	t.check("chain sound", "the journal", t.core.verify(recomputing))
	keeping, stop := context.WithTimeout(ctx, restBound)
	defer stop()
	t.check("log lines kept", "logging", t.core.logLines(keeping))
	t.unharmed()
}

// Judge waits until the core is at rest, at most until ctx ends. It returns the broken rules, with providers' own
// messages about them, and the evidence.
func (c *Core) Judge(ctx context.Context) (told []report.Violation, last oracle.Evidence, err error) {
	found, err := oracle.Settle(ctx, func(ctx context.Context) (oracle.Evidence, error) {
		e, err := c.Evidence(ctx)
		if err == nil {
			last = e
		}
		return e, err
	}, oracle.Rules()...)
	if err == nil {
		err = oracle.Explain(context.WithoutCancel(ctx), last, found, c.places.Originals) // ctx may be used up: reading has a bound of its own
	}
	for _, v := range found {
		told = append(told, report.Violation{Rule: v.Rule, ID: v.ID, Text: v.Text, Originals: v.Originals})
	}
	return told, last, err
}

// Evidence returns everything that was recorded since the core's start.
func (c *Core) Evidence(ctx context.Context) (e oracle.Evidence, err error) {
	if err := record.Folder(c.records(), &e); err != nil {
		return e, err
	}
	e.Jumps = c.bank.over()
	return e, c.places.Collect(ctx, &e)
}

// execute has settlement execute what is due, as on-call can. The job comes by itself every ten seconds, and a trade may have been
// registered after it.
func (c *Core) execute(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	return c.Command(ctx, "settlement", "job", "start", "-reason", "end of a fault run", "execute due trades")
}

// recompute lets linecheck check that its usage is the sum of its reservations.
func (c *Core) recompute(ctx context.Context) error { return c.Command(ctx, "linecheck", "-recompute") }

// verify has tracing walk the chains of its journal. It returns an error if a record is not what was written.
func (c *Core) verify(ctx context.Context) error { return c.Command(ctx, "tracing", "-verify") }

// logLines waits until the store of log lines has what the programs wrote, but for what they said they dropped and for the last words of killed ones.
func (c *Core) logLines(ctx context.Context) error {
	for {
		l, err := stores.LogLines(ctx, c.stack)
		if err == nil {
			err = l.Complete()
		}
		if err == nil || !pause.For(ctx, time.Second) {
			return err
		}
	}
}

// restarts returns how often the supervisor has restarted each process so far.
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

// check makes a violation of an error. It ignores nil and a cancelled context.
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
