//go:build e2e

package e2e

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/internal/stack"
)

// newcomer is the service that this test makes.
const newcomer = "newcomer"

// workshop is a copy of this tree in which a service is made.
type workshop struct{ tree, bin, core string }

// goFlags are those of the Makefile, so that what was built of this tree is good for the copy.
const goFlags = "-buildvcs=false -trimpath"

// TestNewService makes a service from the template in a copy of this tree, and runs it.
func TestNewService(t *testing.T) {
	w := newWorkshop(t)
	w.run(t, "make", "new-service", "NAME="+newcomer)
	w.run(t, "go", "build", "-o", w.bin+"/", "./services/"+newcomer, "./services/datasync", "./gateways/mainframe", "./scripts/dev/fxcore", "./scripts/testbench/faults")
	w.run(t, "go", "build", "-o", filepath.Join(w.bin, "mainframe-simulator"), "./gateways/mainframe/simulator")
	w.run(t, "go", "test", "./scripts/dev/structure", "./scripts/internal/programs", "./scripts/dev/fxcore/internal/fleet", "./scripts/testbench/faults/internal/schedule")
	w.run(t, filepath.Join(w.bin, "fxcore"), "servers", "with", "go", "test", "./services/"+newcomer+"/...")
	w.isDocumented(t)
	w.isHarmed(t)
	w.isReady(t)
}

func newWorkshop(t *testing.T) workshop {
	t.Helper()
	repository, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(repository, ".run", "new-service")
	w := workshop{tree: filepath.Join(root, "tree"), bin: filepath.Join(root, "bin"), core: filepath.Join(root, "core")}
	open := os.FileMode(0o755) // its programs run as users of their own
	if err := errors.Join(os.RemoveAll(w.tree), os.MkdirAll(root, open), os.Chmod(root, open)); err != nil {
		t.Fatal(err)
	}
	git := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	git.Dir = repository
	files, err := git.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range strings.Split(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		copyFile(t, filepath.Join(repository, file), filepath.Join(w.tree, file))
	}
	return w
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return // removed, and not yet committed
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, info.Mode()); err != nil {
		t.Fatal(err)
	}
}

// run runs a command in the copy.
func (w workshop) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	began := time.Now()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = w.tree
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS="+goFlags, "MAKEFLAGS=", "FXCORE_ROOT="+w.core)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	t.Logf("%s %s: %s", filepath.Base(name), strings.Join(args[:min(3, len(args))], " "), since(began))
	return string(out)
}

func (w workshop) isDocumented(t *testing.T) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(w.tree, "docs", "messages.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[" + newcomer + ".", "| `" + newcomer + "` | " + newcomer + " |"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/messages.md lacks %q", want)
		}
	}
}

func (w workshop) isHarmed(t *testing.T) {
	t.Helper()
	schedules := w.run(t, filepath.Join(w.bin, "faults"), "-seed", "1", "-runs", "100", "-list")
	for _, process := range []string{newcomer + "-1", newcomer + "-2"} {
		if !strings.Contains(schedules, process) {
			t.Errorf("100 seeds of faults do not harm %s", process)
		}
	}
}

// isReady starts a core of what was built: the service, and what it needs to decide.
func (w workshop) isReady(t *testing.T) {
	t.Helper()
	w.run(t, filepath.Join(w.bin, "fxcore"), "clean")
	s, err := stack.Start(t.Context(), w.bin, w.core, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}()
	r, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{newcomer + "-1", newcomer + "-2"} {
		ready := func(p stack.Process) bool { return p.ID() == id && p.State == "ready" }
		if !slices.ContainsFunc(r.Processes, ready) {
			t.Errorf("%s is not ready: %+v", id, r.Processes)
		}
	}
	if shown := w.run(t, filepath.Join(w.bin, "fxcore"), "status"); !strings.Contains(shown, newcomer) {
		t.Errorf("make status shows\n%s", shown)
	}
}
