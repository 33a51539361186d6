package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"fxcore/lambda/amqp"
)

// Describe asks each program for what it declares (-describe), in the order of the paths.
func Describe(ctx context.Context, paths ...string) ([]amqp.Topology, error) {
	all := make([]amqp.Topology, len(paths))
	g, ctx := errgroup.WithContext(ctx)
	for i, path := range paths {
		g.Go(func() (err error) {
			all[i], err = describe(ctx, path)
			return err
		})
	}
	return all, g.Wait()
}

func describe(ctx context.Context, path string) (t amqp.Topology, err error) {
	cmd := exec.CommandContext(ctx, path, "-describe") //nolint:gosec // our own programs
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return t, fmt.Errorf("ask %s for what it declares: %w", filepath.Base(path), err)
	}
	if err := json.Unmarshal(out, &t); err != nil {
		return t, fmt.Errorf("read what %s declares: %w", filepath.Base(path), err)
	}
	return t, nil
}
