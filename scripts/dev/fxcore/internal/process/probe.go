package process

import (
	"context"
	"time"
)

// How often readiness is checked, and how long one check may take.
const (
	probeStarting = 100 * time.Millisecond // at first; less often the longer a start takes
	probeRunning  = 2 * time.Second
	probeTimeout  = 2 * time.Second
)

// probe checks the process's readiness again and again and updates the status, until the process ends or ctx does.
func (c *Child) probe(ctx context.Context, dead <-chan struct{}) (done chan struct{}) {
	done = make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(done)
		defer cancel()
		for {
			pause := c.probeOnce(ctx)
			select {
			case <-dead:
				return
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	}()
	go func() { // a check must not outlive the process
		select {
		case <-dead:
			cancel()
		case <-done:
		}
	}()
	return done
}

// probeOnce checks once and returns the pause until the next check.
func (c *Child) probeOnce(ctx context.Context) time.Duration {
	var why error
	if c.Spec.Ready != nil {
		asking, cancel := context.WithTimeout(ctx, probeTimeout)
		why = c.Spec.Ready(asking)
		cancel()
	}
	if ctx.Err() != nil {
		return 0
	}
	switch state := c.Status().State; {
	case why == nil:
		c.set(Ready, "")
		return probeRunning
	case state == Ready || state == NotReady:
		c.set(NotReady, why.Error())
		return probeRunning / 4
	default:
		c.set(Starting, why.Error())
		return min(max(probeStarting, time.Since(c.Status().Since)/20), probeRunning)
	}
}
