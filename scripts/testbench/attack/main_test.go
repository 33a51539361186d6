//go:build e2e

package attack

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fxcore/scripts/internal/stack"
)

// Bounds of a wait. A slow machine may need most of them.
const (
	buildBound  = 10 * time.Minute
	attackBound = 2 * time.Minute // until the core has done, or visibly refused, what was asked
)

// TestMain ends the core that the tests have shared.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// core is the running core that all tests share.
type core struct {
	*stack.Stack
	urls map[string]string // as on-call knows them: administrators included
}

// theCore starts the core with the first test that asks for it. A test that changes what others see puts it back.
func theCore(t *testing.T) *core {
	t.Helper()
	c, err := shared.get()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var shared keeper

// keeper starts one core, at most once, and ends it.
type keeper struct {
	once sync.Once
	core *core
	err  error
}

func (k *keeper) get() (*core, error) {
	k.once.Do(func() { k.core, k.err = start() })
	return k.core, k.err
}

// stop ends the core. Its folder stays: it tells why a test failed. The next run empties it.
func (k *keeper) stop() error {
	if k.core == nil {
		return nil
	}
	return k.core.Stop()
}

// start builds all programs and runs them in .run/attack, which it empties.
func start() (*core, error) {
	repository, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(repository, ".run", "attack")
	bin := filepath.Join(folder, "bin")
	if err := build(repository, bin, os.Stderr); err != nil {
		return nil, err
	}
	if err := stack.Clean(context.Background(), bin, folder); err != nil {
		return nil, err
	}
	s, err := stack.Start(context.Background(), bin, folder, os.Stderr)
	if err != nil {
		return nil, err
	}
	c := &core{Stack: s}
	r, err := s.Record()
	if err != nil {
		return nil, err
	}
	c.urls = r.URLs
	return c, nil
}

func build(repository, bin string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), buildBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "build", "BIN="+bin) //nolint:gosec // the project's own
	cmd.Dir, cmd.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	return nil
}
