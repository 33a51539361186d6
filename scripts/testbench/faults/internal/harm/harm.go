// Package harm does to a core what a schedule says, and undoes all of it. It touches the core's own processes and links,
// and nothing else.
package harm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Core is what can be harmed. Its processes are started again by somebody else.
type Core interface {
	// Running is the process of that name, as it runs now; false if it does not.
	Running(name string) (Process, bool)
	// Link is the link of that name; false if there is none.
	Link(name string) (Link, bool)
	// Move and Drain are on-call's commands; they return once the sessions are where they belong.
	Move(ctx context.Context, provider, gateway string) error
	Drain(ctx context.Context, instance string) error
}

// Done is a fault as it happened.
type Done struct {
	schedule.Fault
	Began   time.Duration // since the run's begin
	PID     int           // of the process that it befell
	Skipped string        // why it did not happen; empty if it did
}

// Harm is a run's faults under way. A new kind of fault joins as an entry of acts.
type Harm struct {
	core  Core
	began time.Time

	mu   sync.Mutex
	done []Done
}

// act does a fault and returns how to undo it, or to see it through; nil if there is nothing left to do.
type act func(ctx context.Context, h *Harm, d *Done) (undo func(), err error)

func acts() map[schedule.Kind]act {
	return map[schedule.Kind]act{
		schedule.Kill:     kill,
		schedule.Restart:  restart,
		schedule.Freeze:   freeze,
		schedule.Cut:      cut,
		schedule.Refuse:   trouble,
		schedule.Hold:     trouble,
		schedule.HoldOut:  trouble,
		schedule.HoldIn:   trouble,
		schedule.Hang:     trouble,
		schedule.Deafen:   trouble,
		schedule.Silence:  trouble,
		schedule.Slow:     trouble,
		schedule.VerySlow: trouble,
		schedule.Narrow:   trouble,
		schedule.Move:     move,
		schedule.Drain:    drain,
	}
}

// Run does all faults at their time, from now on, and returns what was done once all are undone: at the end of the
// schedule, or as soon as ctx ends.
func Run(ctx context.Context, core Core, faults []schedule.Fault) []Done {
	h := &Harm{core: core, began: time.Now()}
	var under sync.WaitGroup
	for _, f := range faults {
		under.Go(func() { h.one(ctx, f) })
	}
	under.Wait()
	slices.SortStableFunc(h.done, func(a, b Done) int { return int(a.Began - b.Began) })
	return h.done
}

func (h *Harm) one(ctx context.Context, f schedule.Fault) {
	d := Done{Fault: f}
	if !h.until(ctx, f.At) {
		h.note(d, errors.New("the run was ended"))
		return
	}
	undo, err := h.act(ctx, &d)
	h.note(d, err)
	if undo != nil && err == nil {
		defer undo()
		h.until(ctx, f.End())
	}
}

func (h *Harm) act(ctx context.Context, d *Done) (undo func(), err error) {
	do, known := acts()[d.Kind]
	if !known {
		return nil, fmt.Errorf("nobody knows how to %s", d.Kind)
	}
	return do(ctx, h, d)
}

func (h *Harm) note(d Done, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d.Began = time.Since(h.began).Round(time.Millisecond); err != nil {
		d.Skipped = err.Error()
	}
	h.done = append(h.done, d)
}

// until waits for a time of the run; false if ctx ends first.
func (h *Harm) until(ctx context.Context, at time.Duration) bool {
	timer := time.NewTimer(time.Until(h.began.Add(at)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
