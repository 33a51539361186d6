package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// stopPatience bounds a stop: phases stop one after the other, and each process has its grace.
const stopPatience = 3 * time.Minute

// stop ends a running supervisor, which ends its processes. If the supervisor was killed, stop ends the processes
// that it left.
func stop(ctx context.Context, o options, _ []string) error {
	if _, err := os.Stat(o.root); errors.Is(err, os.ErrNotExist) {
		say("nothing runs")
		return nil
	}
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	if f.InUse() {
		if err := endSupervisor(ctx, f); err != nil {
			return err
		}
		say("stopped")
		return nil
	}
	swept, err := supervisor.Sweep(f)
	if err != nil {
		return err
	}
	if swept > 0 {
		say(fmt.Sprintf("ended %d processes that a killed supervisor left behind", swept))
		return nil
	}
	say("nothing runs")
	return nil
}

func endSupervisor(ctx context.Context, f folder.Folder) error {
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	if err := record.Supervisor.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop supervisor: %w (started by another user? then: sudo make stop)", err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for f.InUse() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("process %d is still stopping: %w", record.Supervisor.PID, ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}

// clean stops everything and removes everything from the folder except what a build can use again.
func clean(ctx context.Context, o options, args []string) error {
	if err := stop(ctx, o, args); err != nil {
		return err
	}
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	release, err := f.Lock()
	if err != nil {
		return err
	}
	defer release()
	for _, name := range []string{"data", "log", "env", "secrets", "tmp", "bench", "e2e", "ports.json", "scale.json", "providers.json", supervisor.RecordName} {
		if err := os.RemoveAll(f.Path(name)); err != nil {
			return fmt.Errorf("remove %s: %w (made by another user? then: sudo make clean)", name, err)
		}
	}
	say("removed the data in " + string(f))
	return nil
}
