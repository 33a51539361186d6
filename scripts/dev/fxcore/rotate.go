package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// rotatePatience bounds a rotation.
const rotatePatience = 5 * time.Minute

// rotate asks the supervisor to replace all certificates, and waits until it has.
func rotate(ctx context.Context, o options, _ []string) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	if !f.InUse() {
		return errors.New("nothing runs: a start makes new certificates where they are due")
	}
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	before := time.Now()
	if err := record.Supervisor.Signal(syscall.SIGUSR2); err != nil {
		return fmt.Errorf("signal the supervisor: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, rotatePatience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := fleet.LastRotation(f)
		switch {
		case err == nil && r.At.After(before) && r.Error != "":
			return errors.New(r.Error)
		case err == nil && r.At.After(before):
			say("all certificates are new")
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for new certificates: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
