package process

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

// Child is a process that is kept running.
type Child struct {
	Spec    Spec
	spawner *Spawner
	changed func()

	mu     sync.Mutex
	status Status
}

// NewChild makes a child; Run starts it. changed is called, without locks held, after each change of its status.
func NewChild(s Spec, spawner *Spawner, changed func()) *Child {
	return &Child{Spec: s, spawner: spawner, changed: changed, status: Status{State: Stopped, Since: time.Now()}}
}

// Status returns the child's status.
func (c *Child) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// Backoff between a death and the next start: it doubles from the first to the last and begins anew after a calm.
const (
	firstBackoff = 200 * time.Millisecond
	lastBackoff  = 5 * time.Second
	calm         = 20 * time.Second
)

// Run starts the process, starts it again whenever it ends, and stops it when ctx ends. It returns once it is gone.
func (c *Child) Run(ctx context.Context) {
	backoff := firstBackoff
	for ctx.Err() == nil {
		started := time.Now()
		reason := c.once(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(started) > calm {
			backoff = firstBackoff
		}
		c.ended(Restarting, reason, 1)
		select {
		case <-ctx.Done():
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, lastBackoff)
	}
	c.ended(Stopped, "", 0)
}

// ended says that there is no process any more, and how many more starts that makes.
func (c *Child) ended(state State, reason string, starts int) {
	c.change(func(s *Status) {
		s.Process, s.State, s.Reason = Identity{}, state, oneLine(reason)
		s.Restarts += starts
	})
}

// once is one life of the process. It returns how that ended.
func (c *Child) once(ctx context.Context) string {
	log, err := OpenLog(c.Spec.Log)
	if err != nil {
		return err.Error()
	}
	cmd := c.Spec.Command(log)
	err = c.spawner.Start(cmd)
	_ = log.Close() // the process has its own
	if err != nil {
		return err.Error()
	}
	c.started(cmd.Process.Pid)

	dead := make(chan struct{})
	probing := c.probe(ctx, dead)
	stopping := c.stopWhenDone(ctx, dead)
	err = cmd.Wait()
	close(dead)
	<-probing
	<-stopping
	return c.lastWords(cmd, err)
}

func (c *Child) stopWhenDone(ctx context.Context, dead <-chan struct{}) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-dead:
		case <-ctx.Done():
			c.set(Stopping, "")
			_ = c.Status().Process.End(c.Spec.Stop, c.Spec.Grace) // what is left shows when the wait returns
		}
	}()
	return done
}

// lastWords tells how the process ended.
func (c *Child) lastWords(cmd *exec.Cmd, err error) string {
	reason := "ended by itself"
	if err != nil {
		reason = cmd.ProcessState.String()
	}
	if last := Tail(c.Spec.Log, 1); len(last) > 0 {
		reason = fmt.Sprintf("%s: %s", reason, last[0])
	}
	return reason
}

func (c *Child) started(pid int) {
	identity, err := Identify(pid)
	if err != nil { // it died at once, which the wait will tell
		identity = Identity{PID: pid}
	}
	c.change(func(s *Status) { s.Process, s.State, s.Reason = identity, Starting, "" })
}
