package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"fxcore/scripts/dev/fxcore/internal/folder"
)

// logs follows the logs of one service's replicas, or of everything.
func logs(ctx context.Context, o options, args []string) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	var files []string
	for _, pattern := range patterns(args) {
		found, err := filepath.Glob(f.Log(pattern))
		if err != nil {
			return fmt.Errorf("find logs: %w", err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return fmt.Errorf("no log of %v in %s", args, f.Path("log"))
	}
	tail := exec.CommandContext(ctx, "tail", append([]string{"-n", "20", "-F", "--"}, files...)...) //nolint:gosec // our own logs
	tail.Stdout, tail.Stderr = os.Stdout, os.Stderr
	if err := tail.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("follow logs: %w", err)
	}
	return nil
}

func patterns(args []string) []string {
	if len(args) == 0 {
		return []string{"*"}
	}
	return []string{args[0], args[0] + "-[0-9]*"}
}
