//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"fxcore/scripts/internal/programs"
)

// rotations is how often all certificates are replaced before all secrets are.
const rotations = 3

// rotateBound is for one rotation of all secrets, on a busy machine. It waits more than a minute until nothing needs the keys before.
const rotateBound = 8 * time.Minute

// rotation: all certificates are replaced several times under 200 requests a second, and then all secrets. Afterwards a replica of each service
// connects anew. Nothing is lost or doubled, nobody is told of a fault, and what was stolen before opens nothing.
func (c *core) rotation(t *testing.T) {
	before := c.lines(t)
	ts := c.open(t, "rotation", "TEST5", "TEST6")
	ts.trade(t, traffic)
	ts.more(t, warm)
	for range rotations {
		c.rotate(t, "certificates")
		ts.more(t, warm)
	}
	stolen := c.steal(t)
	c.rotate(t)
	ts.more(t, warm)
	for _, service := range programs.Names(programs.Services()) {
		c.reconnect(t, service+"-1")
	}
	ts.more(t, warm)
	ts.finish(t)
	for _, why := range ts.rejected() {
		t.Errorf("rejected without a mistake: %s", why)
	}
	c.noErrorSince(t, before)
	c.look(t) // by the observer's new passwords
	c.opensNothing(t, stolen)
	c.judge(t, c.undisturbed()...)
}

// rotate replaces secrets, as on-call does; without a name all of them.
func (c *core) rotate(t *testing.T, what ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), rotateBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxcore"), append([]string{"rotate"}, what...)...) //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "FXCORE_ROOT="+c.Folder)
	out, err := cmd.CombinedOutput()
	t.Logf("rotate %v:\n%s", what, out)
	if err != nil {
		t.Fatalf("rotate %v: %v", what, err)
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
