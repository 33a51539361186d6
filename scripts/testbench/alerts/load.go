package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// load has the bench send requests, with settings of the bench. It returns what ends that.
func (c *core) load(ctx context.Context, settings ...string) (end func(context.Context) error, err error) {
	load := exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(c.Bin, "bench")) //nolint:gosec // ours
	load.Env = append(append(os.Environ(), "WARMUP=1", "RUN_FOLDER="+c.Folder), settings...)
	if err := load.Start(); err != nil {
		return nil, fmt.Errorf("start the load: %w", err)
	}
	return func(context.Context) error {
		killed := load.Process.Kill()
		_ = load.Wait() // it was killed
		if killed != nil && !errors.Is(killed, os.ErrProcessDone) {
			return fmt.Errorf("end the load: %w", killed)
		}
		return nil
	}, nil
}

// flood has one provider keep so many requests in flight.
func flood(inFlight int) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		return c.load(ctx, "PHASES=closed", "DURATION=600", "SESSIONS=1", "INFLIGHT="+strconv.Itoa(inFlight))
	}
}

// under makes a cause while the bench sends so many requests a second.
func under(rate int, cause maker) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		end, err := c.load(ctx, "PHASES=open", "OPEN_DURATION=600", "SESSIONS=2", "RATE="+strconv.Itoa(rate))
		if err != nil {
			return nil, err
		}
		mend, err := cause(ctx, c)
		if mend == nil {
			return end, err
		}
		return func(ctx context.Context) error { return errors.Join(end(ctx), mend(ctx)) }, err
	}
}

// instance starts a further instance of a program with the program's settings. It returns what ends it in good order.
func (c *core) instance(program, replica, path string, args ...string) (func(context.Context) error, error) {
	const script = `set -a; . "$1"; shift; exec "$@"`
	all := append([]string{"-c", script, "sh", filepath.Join(c.Folder, "env", program), path}, args...)
	one := exec.Command("sh", all...) //nolint:gosec,noctx // ours; it is ended below
	one.Env = append(os.Environ(), "REPLICA="+replica)
	if err := one.Start(); err != nil {
		return nil, fmt.Errorf("start %s-%s: %w", program, replica, err)
	}
	return func(context.Context) error {
		if err := one.Process.Signal(syscall.SIGTERM); err != nil {
			return fmt.Errorf("end %s-%s: %w", program, replica, err)
		}
		var failed *exec.ExitError
		if err := one.Wait(); err != nil && !errors.As(err, &failed) {
			return fmt.Errorf("end %s-%s: %w", program, replica, err)
		}
		return nil
	}, nil
}

// anotherVersion starts a further instance of a program from a build that does not know its commit, as those of make do.
func anotherVersion(program, replica string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		path := filepath.Join(c.Folder, "tmp", "another-"+program)
		build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", path, "./services/"+program) //nolint:gosec // ours
		build.Env = append(os.Environ(), "GOFLAGS=-trimpath")
		if said, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w: %s", program, err, said)
		}
		return c.instance(program, replica, path)
	}
}

// standIn starts this program as a further instance of datasync that does nothing but one thing too much.
func standIn(replica, much string) maker {
	return func(_ context.Context, c *core) (func(context.Context) error, error) {
		return c.instance("datasync", replica, filepath.Join(c.Bin, "alerts"), "-too-much", much)
	}
}
