package trial

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/harm"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
	"fxcore/scripts/testbench/oracle"
)

// Bounds of the steps of a run.
const (
	openBound   = 30 * time.Second // until all providers are logged on to a healthy core
	backBound   = 30 * time.Second // from the end of the last fault until processes are ready and every provider trades
	fullBound   = 4 * time.Minute  // the same, until a server of a full start is ready: nothing that trades waits for it
	answerBound = 90 * time.Second // until the last answer: a deadline, and requests in flight
	restBound   = time.Minute      // until the core is at rest after the last answer
)

// trial is one run.
type trial struct {
	core    *Core
	plan    schedule.Run
	streams []traffic.Stream
	people  *traffic.Deletions // nil if nobody deletes trades
	done    []harm.Done
	last    oracle.Evidence

	restarts, panics map[string]int // by process, before the run

	mu     sync.Mutex
	result report.Run
}

// ErrInterrupted says that ctx ended before the run did. Its result does not count.
var ErrInterrupted = errors.New("interrupted")

// Try makes a run: providers use the core, and faults harm it as the plan says. A broken rule is a violation in the
// result. The error is ErrInterrupted or nil.
func (c *Core) Try(ctx context.Context, plan schedule.Run) (report.Run, oracle.Evidence, error) {
	began := time.Now()
	t := &trial{core: c, plan: plan, result: begin(plan, began), restarts: c.restarts(), panics: c.panics()}
	t.run(ctx)
	if ctx.Err() != nil {
		return t.result, t.last, ErrInterrupted
	}
	t.result.TookMS = time.Since(began).Milliseconds()
	return t.result, t.last, nil
}

func (t *trial) run(ctx context.Context) {
	defer t.leave()
	if err := t.open(ctx); err != nil {
		t.broken("opened", "the core", err)
		return
	}
	began := time.Now()
	trading, halt := context.WithCancel(ctx)
	defer halt()
	var users sync.WaitGroup
	for i, s := range t.streams {
		users.Go(func() { t.check("traded", t.name(i), s.Trade(trading)) })
	}
	if t.people != nil {
		users.Go(func() { t.result.Approved = t.people.Run(trading, t.runName()) })
	}
	t.done = harm.Run(ctx, t.core, t.plan.Faults)
	t.told()
	t.recover(ctx)
	t.known(ctx)
	pause.For(ctx, time.Until(began.Add(t.plan.Window))) // while the providers trade: effects of a fault may appear late
	halt()
	users.Wait()
	t.finish(ctx)
	t.leave()
	t.undrain(ctx)
	t.judge(ctx)
}

// open opens all streams at the same time.
func (t *trial) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openBound)
	defer cancel()
	board := &witness.Board{}
	for _, s := range t.plan.Streams {
		door, err := t.core.door(s)
		if err != nil {
			return err
		}
		stream, err := traffic.Open(s, traffic.Setting{
			Run: t.runName(), Records: t.core.records(), Postgres: t.core.places.Postgres, Door: door, Folder: t.core.folder,
			Board: board, Clock: t.clock(s),
		})
		if err != nil {
			return err
		}
		t.streams = append(t.streams, stream)
	}
	if t.plan.Deletes {
		var err error
		if t.people, err = t.core.persons(ctx); err != nil {
			return err
		}
	}
	return t.all(func(s traffic.Stream) error { return s.Open(ctx) })
}

// runName differs between runs. It is part of references and keys.
func (t *trial) runName() string { return fmt.Sprintf("s%d", t.plan.Seed) }

// clock returns the bank's clock as a stream's provider knows it. The socket's provider and one of FIX's are hasty.
func (t *trial) clock(s schedule.Stream) func() time.Time {
	hasty := map[string]bool{}
	for _, other := range t.plan.Streams {
		if other.Kind != schedule.API && !hasty[other.Kind] {
			hasty[other.Kind] = true
			if other.Provider == s.Provider && other.Kind == s.Kind {
				return t.core.bank.hasty
			}
		}
	}
	return t.core.bank.now
}

// all calls do for all streams at the same time, and joins the errors.
func (t *trial) all(do func(traffic.Stream) error) error {
	failed := make([]error, len(t.streams))
	var wait sync.WaitGroup
	for i, s := range t.streams {
		wait.Go(func() { failed[i] = do(s) })
	}
	wait.Wait()
	return errors.Join(failed...)
}

// finish waits for all answers, and until both sides have the same sequence numbers.
func (t *trial) finish(ctx context.Context) {
	waiting, cancel := context.WithTimeout(ctx, answerBound)
	defer cancel()
	t.check("finally answered", "providers", t.all(func(s traffic.Stream) error { return s.Finish(waiting) }))
	t.check("numbers agree", "providers", t.all(func(s traffic.Stream) error { return s.Agree(ctx) }))
	var f traffic.Figures
	for _, s := range t.streams {
		f = f.Add(s.Figures())
	}
	t.result.Requests, t.result.Granted, t.result.Rejected, t.result.SilenceMS = f.Requests, f.Granted, f.Rejected, f.Silence.Milliseconds()
}

// leave closes all streams. A second call does nothing.
func (t *trial) leave() {
	t.check("recorded", "providers", t.all(traffic.Stream.Close))
	t.streams = nil
}

func (t *trial) name(i int) string { return t.plan.Streams[i].Provider }
