package process

import (
	"context"
	"time"
)

// How often and how long readiness is asked for.
const (
	probeStarting = 100 * time.Millisecond // at first; the longer a start takes, the less often
	probeRunning  = 2 * time.Second
	probeTimeout  = 2 * time.Second
)

// probe keeps the status in step with the process' readiness until it is dead or to be stopped.
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
	go func() { // a probe under way does not outlive the process
		select {
		case <-dead:
			cancel()
		case <-done:
		}
	}()
	return done
}

// probeOnce asks once and returns the pause until the next time.
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
