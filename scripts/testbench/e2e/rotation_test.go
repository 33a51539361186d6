//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"fxcore/scripts/internal/programs"
)

// rotations is how often all certificates are replaced.
const rotations = 3

// rotation: all certificates are replaced several times under 200 requests a second, and then a replica of each service connects anew. Nothing is
// lost or doubled, and nobody is told of a fault.
func (c *core) rotation(t *testing.T) {
	before := c.lines(t)
	ts := c.open(t, "rotation", "TEST5", "TEST6")
	ts.trade(t, traffic)
	ts.more(t, warm)
	for range rotations {
		c.rotate(t)
		ts.more(t, warm)
	}
	for _, service := range programs.Names(programs.Services()) {
		c.reconnect(t, service+"-1")
	}
	ts.more(t, warm)
	ts.finish(t)
	for _, why := range ts.rejected() {
		t.Errorf("rejected without a mistake: %s", why)
	}
	c.noErrorSince(t, before)
	c.judge(t, c.undisturbed()...)
}

// rotate replaces all certificates, as on-call does.
func (c *core) rotate(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxcore"), "rotate") //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "FXCORE_ROOT="+c.Folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("rotate: %v\n%s", err, out)
	}
}

// reconnect stops a process as an operator would, and waits for the one that the supervisor starts in its place.
func (c *core) reconnect(t *testing.T, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	p, err := c.Process(id)
	if err == nil {
		err = p.Signal(syscall.SIGTERM)
	}
	if err == nil {
		err = c.AwaitReturn(ctx, p)
	}
	if err != nil {
		t.Fatal(err)
	}
}
