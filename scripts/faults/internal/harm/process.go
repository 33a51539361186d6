package harm

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"fxcore/scripts/faults/internal/schedule"
)

// patience is how long a fault waits for a process that is being started again.
const patience = time.Second

func kill(ctx context.Context, h *Harm, f schedule.Fault) (func(), error) {
	return nil, h.signal(ctx, f.Target, syscall.SIGKILL)
}

func restart(ctx context.Context, h *Harm, f schedule.Fault) (func(), error) {
	return nil, h.signal(ctx, f.Target, syscall.SIGTERM)
}

func (h *Harm) signal(ctx context.Context, name string, s syscall.Signal) error {
	p, err := h.running(ctx, name)
	if err != nil {
		return err
	}
	return p.signal(s)
}

// freeze stops the process with all its own, so that a server of many processes stands still as a whole.
func freeze(ctx context.Context, h *Harm, f schedule.Fault) (func(), error) {
	p, err := h.running(ctx, f.Target)
	if err != nil {
		return nil, err
	}
	return p.freeze()
}

// running waits a moment for a process that is away.
func (h *Harm) running(ctx context.Context, name string) (Process, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, runs := h.core.Running(name); runs {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return Process{}, fmt.Errorf("%s does not run", name)
		case <-tick.C:
		}
	}
}
