package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// rotatePatience bounds a rotation. The new values are in use within seconds; then it waits until nothing needs those before.
const rotatePatience = 10 * time.Minute

// rotate asks the supervisor to replace secrets, prints each kind as it is done, and waits for the end.
func rotate(ctx context.Context, o options, what []string) error {
	if slices.Contains(what, "-list") {
		for _, kind := range fleet.Rotatables() {
			fmt.Fprintf(os.Stdout, "%-14s %s\n", kind.Name, kind.About)
		}
		return nil
	}
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	if !f.InUse() {
		return errors.New("nothing runs: secrets are replaced while the core does")
	}
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	id, err := fleet.AskRotation(f, what)
	if err != nil {
		return err
	}
	if err := record.Supervisor.Signal(syscall.SIGUSR2); err != nil {
		return fmt.Errorf("signal the supervisor: %w", err)
	}
	return followRotation(ctx, f, id)
}

func followRotation(ctx context.Context, f folder.Folder, id string) error {
	ctx, cancel := context.WithTimeout(ctx, rotatePatience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	shown := 0
	for {
		r, err := fleet.ReadRotation(f)
		if err == nil && r.ID != id {
			return errors.New("somebody else has asked for a rotation meanwhile")
		}
		for ; err == nil && shown < len(r.Said); shown++ {
			say(r.Said[shown])
		}
		switch {
		case err == nil && r.Ended && r.Error != "":
			return errors.New(r.Error)
		case err == nil && r.Ended:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the rotation: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
