package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"syscall"
	"time"

	"fxcore/scripts/internal/programs"
	"fxcore/scripts/internal/stack"
)

// returnBound is how long a program that was told to end may take to be ready again.
const returnBound = time.Minute

// quiet restarts each instance of each program once in good order, one after the other, as an update does, and moves a session after each
// program. It returns 1 if an alert fired.
func (c *core) quiet(ctx context.Context, length time.Duration) int {
	before, err := c.told.firing(ctx)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "alerts:", err)
		return 2
	}
	for key := range before {
		_, _ = fmt.Println("fires before, and does not count:", key)
		c.told.lasting[key] = true
	}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	fired := make(chan map[string]string, 1)
	go func() { fired <- c.watch(ctx) }()
	done, err := c.roll(ctx, length)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		_, _ = fmt.Println("stopped:", err)
	}
	all := <-fired
	_, _ = fmt.Printf("%s: %d instances restarted, %d alerts fired\n", length, done, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		_, _ = fmt.Printf("  %s  %s\n", key, all[key])
	}
	if len(all) > 0 {
		return 1
	}
	return 0
}

// watch collects what fires until ctx ends, with the time.
func (c *core) watch(ctx context.Context) map[string]string {
	all := map[string]string{}
	for ctx.Err() == nil {
		firing, _ := c.told.firing(ctx) // a replica that restarts does not answer; the other one does
		for key, text := range firing {
			if _, known := all[key]; !known && !c.told.lasting[key] {
				all[key] = time.Now().UTC().Format(time.TimeOnly) + " " + text
				_, _ = fmt.Println("fires:", key, text)
			}
		}
		pause(ctx, askEvery)
	}
	return all
}

// roll restarts all instances within four fifths of the time, and then looks on.
func (c *core) roll(ctx context.Context, length time.Duration) (done int, err error) {
	var all []stack.Process
	for _, p := range programs.Ours() {
		for _, one := range c.record.Processes {
			if one.Name == p.Name {
				all = append(all, one)
			}
		}
	}
	each := length * 4 / 5 / time.Duration(max(1, len(all)))
	for n, p := range all {
		until := time.Now().Add(each)
		if err := c.restart(ctx, p); err != nil {
			return done, err
		}
		done++
		if n%6 == 0 {
			if _, err := c.fxctl(ctx, "failover", "move", "SANDBOX44", fmt.Sprint("fix/", 1+n/6%2)); err != nil {
				_, _ = fmt.Println("not moved:", err)
			}
		}
		pause(ctx, time.Until(until))
	}
	<-ctx.Done()
	return done, ctx.Err()
}

func (c *core) restart(ctx context.Context, p stack.Process) error {
	ctx, cancel := context.WithTimeout(ctx, returnBound)
	defer cancel()
	now, err := c.Process(p.ID())
	if err != nil {
		return err
	}
	if err := now.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return c.AwaitReturn(ctx, now)
}
