package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maker makes a cause. It returns what mends it.
type maker = func(ctx context.Context, c *core) (func(context.Context) error, error)

// freeze stops a process and all that it has started, without ending them.
func freeze(id string) maker {
	return func(_ context.Context, c *core) (func(context.Context) error, error) {
		family, err := c.family(id)
		if err != nil {
			return nil, err
		}
		return func(context.Context) error { return tell(family, syscall.SIGCONT) }, tell(family, syscall.SIGSTOP)
	}
}

// How long a process that falters stands still, and goes on, in turns. Monitoring waits 2 s for an answer.
const (
	standsStill = 1800 * time.Millisecond
	goesOn      = 60 * time.Millisecond
)

// falter lets a process and all that it has started go on for a moment only, again and again.
func falter(id string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		if _, err := c.family(id); err != nil {
			return nil, err
		}
		faltering, end := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() {
			var err error
			for err == nil && faltering.Err() == nil {
				family, found := c.family(id) // it starts others meanwhile
				err = errors.Join(found, tell(family, syscall.SIGSTOP))
				pause(faltering, standsStill)
				err = errors.Join(err, tell(family, syscall.SIGCONT))
				pause(faltering, goesOn)
			}
			ended <- err
		}()
		return func(context.Context) error { end(); return <-ended }, nil
	}
}

// family returns the numbers of a process and of all its descendants.
func (c *core) family(id string) ([]int, error) {
	p, err := c.Process(id)
	if err != nil {
		return nil, err
	}
	if p.PID <= 0 {
		return nil, fmt.Errorf("%s does not run: %s", id, p.Reason)
	}
	below := children()
	family := []int{p.PID}
	for n := 0; n < len(family); n++ {
		family = append(family, below[family[n]]...)
	}
	return family, nil
}

// children returns the children of all processes, by their parent.
func children() map[int][]int {
	below := map[int][]int{}
	found, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is valid
	for _, name := range found {
		text, err := os.ReadFile(name)                   //nolint:gosec // of the kernel
		_, after, cut := strings.Cut(string(text), ") ") // the name in brackets may contain blanks; nothing of ours has a bracket in it
		fields := strings.Fields(after)
		if err != nil || !cut || len(fields) < 2 {
			continue // it has ended
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			below[parent] = append(below[parent], pid)
		}
	}
	return below
}

// tell sends a signal to processes; one that has ended is left out.
func tell(family []int, s syscall.Signal) (err error) {
	for _, pid := range slices.Sorted(slices.Values(family)) {
		if sent := syscall.Kill(pid, s); sent != nil && !errors.Is(sent, syscall.ESRCH) {
			err = errors.Join(err, fmt.Errorf("send %s to %d: %w", s, pid, sent))
		}
	}
	return err
}

func killOften(id string, times int) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		for range times {
			killed, err := c.Kill(id)
			if err != nil {
				return nil, err
			}
			if err := c.AwaitReturn(ctx, killed); err != nil {
				return nil, err
			}
			pause(ctx, 2*time.Second) // it reports that it has started
		}
		return func(context.Context) error { return nil }, nil
	}
}

func holdDown(ids ...string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		held, end := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- c.HoldDown(held, ids...) }()
		return func(context.Context) error { end(); return <-ended }, nil
	}
}
