package harm

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"fxcore/scripts/internal/pause"
)

// patience is how long a fault waits for a process that is being restarted.
const patience = time.Second

func kill(ctx context.Context, h *Harm, d *Done) (func(), error) {
	p, err := h.running(ctx, d)
	if err != nil {
		return nil, err
	}
	return nil, p.signal(syscall.SIGKILL)
}

// restart asks the process to end, as Docker Swarm does, and kills it if it does not. A process may miss the signal:
// the Erlang machine ignores one that arrives early in its start.
func restart(ctx context.Context, h *Harm, d *Done) (func(), error) {
	p, err := h.running(ctx, d)
	if err != nil {
		return nil, err
	}
	return p.killLate, p.signal(p.Stop)
}

const againEvery = 20 * time.Millisecond

// away kills the process, and each successor as soon as it runs, until the fault ends.
func away(ctx context.Context, h *Harm, d *Done) (func(), error) {
	p, err := h.running(ctx, d)
	if err == nil {
		err = p.signal(syscall.SIGKILL)
	}
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	var killing sync.WaitGroup
	killing.Go(func() {
		for pause.For(ctx, againEvery) {
			if next, runs := h.core.Running(d.Target); runs && next.PID != p.PID {
				_ = next.signal(syscall.SIGKILL) // it may have ended meanwhile
			}
		}
	})
	return func() { end(); killing.Wait() }, nil
}

// freeze stops the process and all its descendants, so that a server of many processes stands still as a whole.
func freeze(ctx context.Context, h *Harm, d *Done) (func(), error) {
	p, err := h.running(ctx, d)
	if err != nil {
		return nil, err
	}
	return p.freeze()
}

// running waits a moment for a process that does not run.
func (h *Harm) running(ctx context.Context, d *Done) (Process, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, runs := h.core.Running(d.Target); runs {
			d.PID = p.PID
			return p, nil
		}
		select {
		case <-ctx.Done():
			return Process{}, fmt.Errorf("%s does not run", d.Target)
		case <-tick.C:
		}
	}
}
