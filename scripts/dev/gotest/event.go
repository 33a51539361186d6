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

// event is one line of go test -json: see https://pkg.go.dev/cmd/test2json and go help buildjson.
type event struct {
	Action      string
	Package     string
	Test        string // empty: the event is about the package
	Output      string
	FailedBuild string // in a package's fail event: the package that did not build
}

// top returns the name of the top-level test.
func (e event) top() string {
	name, _, _ := strings.Cut(e.Test, "/")
	return name
}

// part returns the name of the first-level subtest that the event belongs to; empty for the top-level test itself.
func (e event) part() string {
	_, rest, _ := strings.Cut(e.Test, "/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

const killAfter = 10 * time.Second // how long the tests have to end after SIGTERM

// goTest runs go test -json with these arguments and calls take for each event. It returns whether all tests passed,
// and an error if go test could not run or ctx ended.
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

// readEvents calls take for each event until in ends. It copies a line that is no event to other.
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

// ended returns the result of go test: it passed if its exit code is 0, and failed if it is 1. Anything else is an
// error.
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
