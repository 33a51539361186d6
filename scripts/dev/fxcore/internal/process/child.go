package process

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

// Child is a process that is restarted whenever it ends. Its methods are safe for concurrent use, but Run must be
// called once.
type Child struct {
	Spec    Spec
	spawner *Spawner
	changed func()

	mu     sync.Mutex
	status Status
}

// NewChild makes a child; Run starts it. The child calls changed after each change of its status, without holding a
// lock.
func NewChild(s Spec, spawner *Spawner, changed func()) *Child {
	return &Child{Spec: s, spawner: spawner, changed: changed, status: Status{State: Stopped, Since: time.Now()}}
}

// Status returns the child's status.
func (c *Child) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// The pause between the end of a process and its next start. It doubles from the first to the last, and is short
// again after the process has run for calm.
const (
	firstBackoff = 200 * time.Millisecond
	lastBackoff  = 5 * time.Second
	calm         = 20 * time.Second
)

// Run starts the process, restarts it whenever it ends, and stops it when ctx ends. It returns when the process has
// ended.
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

// ended notes that no process runs, and adds to the number of restarts.
func (c *Child) ended(state State, reason string, starts int) {
	c.change(func(s *Status) {
		s.Process, s.State, s.Reason = Identity{}, state, oneLine(reason)
		s.Restarts += starts
	})
}

// once starts the process, waits until it ends, and returns how it ended.
func (c *Child) once(ctx context.Context) string {
	if err := c.Spec.settle(); err != nil {
		return err.Error()
	}
	log, err := OpenLog(c.Spec.Log)
	if err != nil {
		return err.Error()
	}
	cmd := c.Spec.Command(log)
	err = c.spawner.Start(cmd)
	_ = log.Close() // the process has its own copy
	if err != nil {
		return err.Error()
	}
	c.yield(cmd.Process.Pid)
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
			_ = c.Status().Process.End(c.Spec.Stop, c.Spec.Grace) // Wait shows whether it really ended
		}
	}()
	return done
}

// lastWords returns how the process ended, and the last line of its log.
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

func (c *Child) yield(pid int) {
	if c.Spec.Nice > 0 {
		_ = Lower(pid, c.Spec.Nice) // if it has ended at once, Wait reports it
	}
}

func (c *Child) started(pid int) {
	identity, err := Identify(pid)
	if err != nil { // it ended at once, and Wait reports it
		identity = Identity{PID: pid}
	}
	c.change(func(s *Status) { s.Process, s.State, s.Reason = identity, Starting, "" })
}
