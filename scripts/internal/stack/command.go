package stack

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Command runs one of our programs with the settings of its service, as on-call does: in the environment that the start has
// written for it. It returns what the program said, also within the error if it fails.
func (s *Stack) Command(ctx context.Context, program string, args ...string) (said string, err error) {
	const script = `set -a; . "$1"; shift; exec "$@"`
	all := append([]string{"-c", script, "sh", filepath.Join(s.Folder, "env", program), filepath.Join(s.Bin, program)}, args...)
	out, err := exec.CommandContext(ctx, "sh", all...).CombinedOutput() //nolint:gosec // our own programs
	if err != nil {
		return string(out), fmt.Errorf("%s %v: %w: %s", program, args, err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}
