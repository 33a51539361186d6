package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// event is one line of go test -json: https://pkg.go.dev/cmd/test2json and go help buildjson.
type event struct {
	Action      string
	Package     string
	Test        string // empty: the package itself
	Output      string
	FailedBuild string // of a failed package: what did not build
}

// top is the name of the top-level test.
func (e event) top() string {
	name, _, _ := strings.Cut(e.Test, "/")
	return name
}

// part is the name of the subtest below the top-level test, of whatever depth the event is; empty for the top-level test itself.
func (e event) part() string {
	_, rest, _ := strings.Cut(e.Test, "/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

const killAfter = 10 * time.Second // for the tests to end once they are asked to

// goTest runs go test -json with these arguments and hands each event to take. It returns whether all passed, and an error if
// go test could not run or ctx ended.
func goTest(ctx context.Context, args []string, other io.Writer, take func(event)) (passed bool, err error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...) //nolint:gosec // the caller's own command
	cmd.Stderr, cmd.WaitDelay = os.Stderr, killAfter
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) } // go test does not ask the tests to end
	out, err := cmd.StdoutPipe()
	if err != nil {
		return false, fmt.Errorf("run go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return false, fmt.Errorf("run go test: %w", err)
	}
	read := readEvents(out, other, take)
	passed, err = ended(ctx, cmd.Wait())
	return passed, errors.Join(read, err)
}

// readEvents reads to the end. A line that is no event goes to other.
func readEvents(in io.Reader, other io.Writer, take func(event)) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) == 0:
		case json.Unmarshal(line, &e) == nil && e.Action != "":
			take(e)
		default:
			_, _ = other.Write(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the events of go test: %w", err)
		}
	}
}

// ended tells how go test ended: its exit code is 0 if all passed, and 1 if not.
func ended(ctx context.Context, err error) (passed bool, _ error) {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return false, fmt.Errorf("go test was interrupted: %w", context.Cause(ctx))
	case err == nil:
		return true, nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return false, nil
	}
	return false, fmt.Errorf("run go test: %w", err)
}
