package stack

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Command runs one of our programs with the settings of its service, which the start has written to a file, as
// on-call does. It returns the program's output. If the program fails, the error contains the output, too.
func (s *Stack) Command(ctx context.Context, program string, args ...string) (said string, err error) {
	const script = `set -a; . "$1"; shift; exec "$@"`
	all := append([]string{"-c", script, "sh", filepath.Join(s.Folder, "env", program), filepath.Join(s.Bin, program)}, args...)
	out, err := exec.CommandContext(ctx, "sh", all...).CombinedOutput() //nolint:gosec // our own programs
	if err != nil {
		return string(out), fmt.Errorf("%s %v: %w: %s", program, args, err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}
