package stack

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Output runs one of our programs like Command. It returns what the program writes to its standard output.
func (s *Stack) Output(ctx context.Context, program string, args ...string) ([]byte, error) {
	cmd := s.command(ctx, program, args)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %v: %w: %s", program, args, err, strings.TrimSpace(complaint.String()))
	}
	return out, nil
}

// Command runs one of our programs with the settings of its service, which the start has written to a file, as
// on-call does. It returns the program's output. If the program fails, the error contains the output, too.
func (s *Stack) Command(ctx context.Context, program string, args ...string) (said string, err error) {
	out, err := s.command(ctx, program, args).CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s %v: %w: %s", program, args, err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

func (s *Stack) command(ctx context.Context, program string, args []string) *exec.Cmd {
	const script = `set -a; . "$1"; . "$2"; shift 2; exec "$@"` // as in an emergency: the key for it is at hand
	env := func(name string) string { return filepath.Join(s.Folder, "env", name) }
	all := append([]string{"-c", script, "sh", env(program), env("breakglass"), filepath.Join(s.Bin, program)}, args...)
	return exec.CommandContext(ctx, "sh", all...) //nolint:gosec // our own programs
}
