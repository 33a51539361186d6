package main

import (
	"context"
	"fmt"
	"strconv"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// scale sets how many replicas of a service run. If the core runs, it waits until they are ready.
func scale(ctx context.Context, o options, args []string) error {
	if len(args) != 2 {
		return usage()
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return fmt.Errorf("number of replicas: %q is not a number", args[1])
	}
	return rescaleTo(ctx, o, args[0], func(int) int { return n })
}

// add runs one more replica.
func add(ctx context.Context, o options, args []string) error {
	if len(args) != 1 {
		return usage()
	}
	return rescaleTo(ctx, o, args[0], func(now int) int { return now + 1 })
}

func rescaleTo(ctx context.Context, o options, name string, wanted func(now int) int) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	service, err := fleet.Fleet{Folder: f}.Service(name)
	if err != nil {
		return err
	}
	chosen, err := fleet.ReadScale(f)
	if err != nil {
		return err
	}
	n := wanted(chosen.Replicas(service))
	if err := chosen.Set(f, service, n); err != nil {
		return err
	}
	if !f.InUse() {
		say(fmt.Sprintf("%s will have %d replicas from the next start", name, n))
		return nil
	}
	return awaitReplicas(ctx, f, name, n)
}

// awaitReplicas signals the supervisor and waits until exactly n replicas run and are ready.
func awaitReplicas(ctx context.Context, f folder.Folder, name string, n int) error {
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	if err := record.Supervisor.Signal(syscall.SIGUSR1); err != nil {
		return fmt.Errorf("signal the supervisor: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		record, err = supervisor.Read(f)
		if err == nil && replicasAre(record, name, n) {
			say(fmt.Sprintf("%s has %d replicas", name, n))
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not have %d ready replicas yet; make status says why", name, n)
		case <-tick.C:
		}
	}
}

func replicasAre(record supervisor.Record, name string, n int) bool {
	ready, all := 0, 0
	for _, p := range record.Processes {
		if p.Name != name {
			continue
		}
		all++
		if p.State == process.Ready {
			ready++
		}
	}
	return ready == n && all == n
}
