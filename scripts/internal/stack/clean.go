package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const cleanBound = time.Minute

// Clean ends what an earlier core has left running in a folder, and removes its data.
func Clean(ctx context.Context, bin, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, cleanBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "fxcore"), "clean") //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "FXCORE_ROOT="+folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("remove the last core: %w: %s", err, out)
	}
	return nil
}
