//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/oracle"
)

// killed are one of each kind of process, and both of the gateways of which one alone does the work here: fix-2 may hold the
// sessions, and mainframe-2 may do the bookings.
func killed() []string {
	var all []string
	for _, p := range programs.All() {
		if p.Kind != programs.Demo && p.Kind != programs.FullServer {
			all = append(all, p.Processes()[0])
		}
	}
	return append(all, "fix-2", "mainframe-2")
}

const (
	traffic   = 100             // requests a second of each of two providers
	warm      = 50              // acceptances of each of them before and after
	backBound = 2 * time.Minute // for the process to return, and for trading to resume, on a busy machine
)

// killAnyone: any one process is killed in mid-flow. Trading resumes by itself, and nothing is lost or doubled.
func (c *core) killAnyone(t *testing.T) {
	ts := c.open(t, "kill", "TEST5", "TEST6")
	for _, id := range killed() {
		t.Run(id, func(t *testing.T) { c.kill(t, ts, id, c.killOne) })
	}
	t.Run("all that watch", func(t *testing.T) {
		c.kill(t, ts, "both replicas of tracing, logging and monitoring", c.killWatchers)
		c.linesAreKept(t)
	})
	t.Run("everything", func(t *testing.T) { c.kill(t, ts, "the supervisor, and with it every process", c.killAll) })
}

func (c *core) kill(t *testing.T, ts *traders, id string, kill func(ctx context.Context, id string) error) {
	ts.trade(t, traffic)
	ts.more(t, warm)
	before := ts.accepted()
	ts.mark()
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	began := time.Now()
	if err := kill(ctx, id); err != nil {
		t.Fatal(err)
	}
	back := since(began)
	resumed := began
	testkit.Eventually(t, "trading to resume with every provider", backBound, func() error {
		at, all := ts.resumed()
		if !all {
			return context.DeadlineExceeded
		}
		resumed = at
		return nil
	})
	ts.more(t, warm)
	ts.finish(t)
	t.Logf("%s killed: %d accepted before, %d after; ready again after %s, trading after %s, longest silence %s",
		id, before, ts.accepted(), back, resumed.Sub(began).Round(time.Millisecond), ts.stall().Round(time.Millisecond))
	for _, why := range ts.rejected() {
		t.Logf("rejected meanwhile: %s", why)
	}
	c.allReady(t)
	c.numbersAgree(t, ts)
	c.judge(t, oracle.Rules()...)
}

// killOne kills one process and waits for its return, which is the supervisor's work.
func (c *core) killOne(ctx context.Context, id string) error {
	victim, err := c.Kill(id)
	if err != nil {
		return err
	}
	return c.AwaitReturn(ctx, victim)
}

// killWatchers kills all programs by which on-call sees, at once, and again while they catch up. The oracle then wants every message in the
// journal once, and as a span; linesAreKept wants every log line.
func (c *core) killWatchers(ctx context.Context, _ string) error {
	for range 2 {
		var victims []stack.Process
		for _, id := range []string{"tracing-1", "tracing-2", "logging-1", "logging-2", "monitoring-1", "monitoring-2"} {
			victim, err := c.Kill(id)
			if err != nil {
				return err
			}
			victims = append(victims, victim)
		}
		for _, victim := range victims {
			if err := c.AwaitReturn(ctx, victim); err != nil {
				return err
			}
		}
	}
	return nil
}

// killAll kills the supervisor, with which the kernel ends all others at once, and starts the core again on what is left.
func (c *core) killAll(ctx context.Context, _ string) error {
	if err := c.KillAll(); err != nil {
		return err
	}
	return c.Again(ctx)
}

// numbersAgree: the gateway expects what the provider will send next, and the other way round.
func (c *core) numbersAgree(t *testing.T, ts *traders) {
	t.Helper()
	for _, tr := range ts.all {
		counter := "provider." + tr.Provider() + "."
		testkit.Eventually(t, "the sequence numbers to agree", backBound, func() error {
			out, in := tr.Numbers()
			gateway := c.serving(t, counter+"active")
			theirIn, theirOut := int(count(t, gateway, counter+"next_in")), int(count(t, gateway, counter+"next_out"))
			if out != theirIn || in != theirOut {
				return fmt.Errorf("%s sends %d and expects %d, the gateway expects %d and sends %d", tr.Provider(), out, in, theirIn, theirOut)
			}
			return nil
		})
	}
}

// serving is the health address of the instance that serves a session; it waits for one.
func (c *core) serving(t *testing.T, active string) (health string) {
	t.Helper()
	testkit.Eventually(t, "an instance to serve the session", backBound, func() error {
		r, err := c.Record()
		if err != nil {
			return err
		}
		for _, p := range r.Processes {
			if health = p.Health; p.Name == "fix" && p.State == "ready" && count(t, health, active) == 1 {
				return nil
			}
		}
		return errors.New("none does")
	})
	return health
}

// allReady waits until no process misses anything.
func (c *core) allReady(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	if err := c.AwaitReady(ctx); err != nil {
		t.Error(err)
	}
}
