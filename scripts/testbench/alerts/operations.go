package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// flap moves a session to and fro.
func flap(ctx context.Context, c *core) (func(context.Context) error, error) {
	for n := range 6 {
		if _, err := c.fxctl(ctx, "failover", "move", "SANDBOX44", fmt.Sprint("fix/", 1+n%2)); err != nil {
			return nil, err
		}
		pause(ctx, 6*time.Second) // the next report of the holder
	}
	return func(ctx context.Context) error {
		_, err := c.fxctl(ctx, "failover", "fallback", "SANDBOX44")
		return err
	}, nil
}

// fxctl runs a command of on-call.
func (c *core) fxctl(ctx context.Context, args ...string) ([]byte, error) {
	return c.run(ctx, "fxctl", append([]string{"--core", c.Folder}, args...)...)
}

// run runs one of our programs that needs no settings of its own: it finds the core in the folder in which all of this runs.
func (c *core) run(ctx context.Context, program string, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(c.Bin, program), args...).Output() //nolint:gosec // ours
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = fmt.Errorf("%w: %s", err, failed.Stderr)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %v: %w", program, args, err)
	}
	return out, nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// discard gives up all entries of the error queue, as a person would after reading them.
func (c *core) discard(ctx context.Context) error {
	out, err := c.fxctl(ctx, "errors", "list", "--json")
	if err != nil {
		return err
	}
	var list struct {
		Items []struct {
			ID    string `json:"id"`
			State string `json:"state"`
		} `json:"items"`
	}
	if err := json.Unmarshal(out, &list); err != nil {
		return fmt.Errorf("read the error queue: %w", err)
	}
	for _, e := range list.Items {
		if e.State == "open" {
			if _, err := c.fxctl(ctx, "errors", "discard", e.ID, "--reason", "made by a test of alerts"); err != nil {
				return err
			}
		}
	}
	return nil
}

// replay has all failed messages handled again, as a person does once their cause is mended.
func (c *core) replay(ctx context.Context) error {
	out, err := c.fxctl(ctx, "errors", "groups", "--json")
	if err != nil {
		return err
	}
	var groups struct {
		Items []struct {
			Key string `json:"key"`
		} `json:"items"`
	}
	if err := json.Unmarshal(out, &groups); err != nil {
		return fmt.Errorf("read the error queue: %w", err)
	}
	for _, g := range groups.Items {
		if _, err := c.fxctl(ctx, "errors", "replay", "--group", g.Key, "--reason", "made by a test of alerts; its cause is mended"); err != nil {
			return err
		}
	}
	return nil
}
