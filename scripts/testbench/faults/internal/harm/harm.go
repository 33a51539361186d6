// Package harm does the faults of a schedule to a core, and undoes all of them. It touches only the core's own
// processes and links.
package harm

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Core is what can be harmed. The core's own supervisor restarts its processes.
type Core interface {
	// Running returns the process with the name; false if it does not run now.
	Running(name string) (Process, bool)
	// Link returns the link with the name; false if there is none.
	Link(name string) (Link, bool)
	// Move and Drain run on-call's commands. They return when the sessions are where they belong.
	Move(ctx context.Context, provider, gateway string) error
	Drain(ctx context.Context, instance string) error
	// Day moves the bank's clock to the evening, or to the next morning.
	Day(ctx context.Context) error
	// Order commands the mainframe's simulator.
	Order(ctx context.Context, path string, values url.Values) error
}

// Done is a fault that was due, and what became of it.
type Done struct {
	schedule.Fault
	Began   time.Duration // since the beginning of the run
	PID     int           // of the process that the fault hit
	Skipped string        // why the fault did not happen; empty if it did
}

// Harm holds the faults of one run. For a new kind of fault, add an entry to acts.
type Harm struct {
	core  Core
	began time.Time

	mu   sync.Mutex
	done []Done
}

// act does a fault. It returns a function that undoes or completes it; nil if nothing is left to do.
type act func(ctx context.Context, h *Harm, d *Done) (undo func(), err error)

func acts() map[schedule.Kind]act {
	return map[schedule.Kind]act{
		schedule.Kill:     kill,
		schedule.Restart:  restart,
		schedule.Freeze:   freeze,
		schedule.Away:     away,
		schedule.Starve:   starve,
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
		schedule.Day:      day,
		schedule.Die:      wrong,
		schedule.HangUp:   wrong,
		schedule.Block:    block,
		schedule.Poor:     poor,
	}
}

// Run does all faults, each at its time from now. It returns when all are undone: at the end of the schedule, or as
// soon as ctx ends. The result says what happened, in the order of time.
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
	switch {
	case undo != nil && err == nil:
		defer undo()
		h.until(ctx, f.End())
	case undo != nil && f.Kind.OfMainframe():
		undo() // a part of it may have happened
	}
}

func (h *Harm) act(ctx context.Context, d *Done) (undo func(), err error) {
	do, known := acts()[d.Kind]
	if !known {
		return nil, fmt.Errorf("there is no act for the fault %s", d.Kind)
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

// until waits until a time of the run; false if ctx ends first.
func (h *Harm) until(ctx context.Context, at time.Duration) bool {
	return pause.For(ctx, time.Until(h.began.Add(at)))
}
