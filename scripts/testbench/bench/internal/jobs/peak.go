package jobs

import (
	"context"
	"sync"
	"time"

	"fxcore/scripts/testbench/bench/internal/usage"
)

// Peak watches how much memory processes hold together.
type Peak struct {
	pids []int
	stop context.CancelFunc
	done sync.WaitGroup

	mu   sync.Mutex
	most int64
}

// peakEvery is long enough that the look, which walks through all processes of the machine, takes nothing from those that it watches.
const peakEvery = 2 * time.Second

// Watch begins to watch processes, until Stop.
func Watch(ctx context.Context, pids ...int) *Peak {
	ctx, cancel := context.WithCancel(ctx)
	p := &Peak{pids: pids, stop: cancel}
	p.done.Go(func() {
		tick := time.NewTicker(peakEvery)
		defer tick.Stop()
		for {
			p.look()
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return p
}

func (p *Peak) look() {
	all, err := usage.Read(p.pids...)
	if err != nil {
		return
	}
	var sum int64
	for _, u := range all {
		sum += u.Memory
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most = max(p.most, sum)
}

// Take returns the most since the last call, in MB.
func (p *Peak) Take() float64 {
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	most := p.most
	p.most = 0
	return float64(most) / (1 << 20)
}

// Stop ends the watch.
func (p *Peak) Stop() {
	p.stop()
	p.done.Wait()
}
