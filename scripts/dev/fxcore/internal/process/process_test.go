package process_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// The test binary is its own helper: with a role in its environment it plays the supervised process.
func TestMain(m *testing.M) {
	switch os.Getenv("ROLE") {
	case "":
		goleak.VerifyTestMain(m)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		fallthrough
	case "steady":
		fmt.Println("at work")
		<-time.After(time.Hour) // or until a signal
	case "polite":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		fmt.Println("at work")
		<-asked
		fmt.Println("asked to end")
	case "failing":
		fmt.Println("the disk is full")
		os.Exit(3)
	}
}

func spec(t *testing.T, role string) process.Spec {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return process.Spec{
		Name: role, Path: self, Env: []string{"ROLE=" + role}, Dir: "/", Log: filepath.Join(t.TempDir(), "log"),
		Stop: syscall.SIGTERM, Orphan: syscall.SIGKILL, Grace: 10 * time.Second,
	}
}

// run supervises a process until the test ends, or until stop.
func run(t *testing.T, s process.Spec) (c *process.Child, stop func()) {
	t.Helper()
	spawner := process.NewSpawner()
	c = process.NewChild(s, spawner, func() {})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(func() {
		stop()
		spawner.Close()
	})
	return c, stop
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline:
			t.Fatal("not within a minute: " + what)
		case <-tick.C:
		}
	}
}

func ready(c *process.Child) func() bool {
	return func() bool { return c.Status().State == process.Ready }
}

func TestAKilledProcessIsStartedAgain(t *testing.T) {
	c, stop := run(t, spec(t, "steady"))
	await(t, "ready", ready(c))
	first := c.Status().Process
	if err := first.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "ready again", func() bool { return ready(c)() && c.Status().Process != first })
	if got := c.Status().Restarts; got != 1 {
		t.Errorf("restarted %d times, want 1", got)
	}
	second := c.Status().Process
	stop()
	if second.Alive() || c.Status().State != process.Stopped {
		t.Errorf("after the stop: alive %v, %+v", second.Alive(), c.Status())
	}
}

// A reader that sends a signal to process number 0 of a status would hit its own process group: kill(2).
func TestAStateAndItsProcessChangeTogether(t *testing.T) {
	s := spec(t, "steady")
	if err := os.WriteFile(s.Log, []byte(strings.Repeat("a line of an earlier life\n", 4<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, stop := run(t, s)
	for kills := range 3 {
		await(t, "ready", func() bool { return ready(c)() && c.Status().Restarts == kills })
		if err := c.Status().Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for now := c.Status(); now.Restarts == kills; now = c.Status() {
			if now.Process.PID == 0 {
				t.Fatalf("%s, and it has no process", now.State)
			}
		}
		if now := c.Status(); (now.Process.PID == 0) != (now.State == process.Restarting) {
			t.Fatalf("%s, and its process is %d", now.State, now.Process.PID)
		}
	}
	stop()
	if now := c.Status(); now.State != process.Stopped || now.Process.PID != 0 {
		t.Errorf("after the stop: %+v", now)
	}
}

func TestAProcessThatIgnoresTheStopIsKilled(t *testing.T) {
	s := spec(t, "stubborn")
	s.Grace = 200 * time.Millisecond
	c, stop := run(t, s)
	await(t, "at work, so deaf", func() bool { return len(process.Tail(s.Log, 1)) == 1 })
	stop()
	if c.Status().State != process.Stopped || c.Status().Process.PID != 0 {
		t.Errorf("status %+v", c.Status())
	}
}

func TestAProcessThatFailsSaysWithWhatWords(t *testing.T) {
	c, _ := run(t, spec(t, "failing"))
	await(t, "three restarts", func() bool { return c.Status().Restarts >= 3 })
	await(t, "restarting", func() bool { return c.Status().State == process.Restarting })
	if got := c.Status().Reason; got != "exit status 3: the disk is full" {
		t.Errorf("reason %q", got)
	}
}

func TestReadinessComesAndGoesWithItsReason(t *testing.T) {
	s := spec(t, "steady")
	var why atomic.Value
	why.Store("no broker;\nno database")
	s.Ready = func(context.Context) error {
		if text, _ := why.Load().(string); text != "" {
			return errors.New(text)
		}
		return nil
	}
	c, _ := run(t, s)
	await(t, "a reason", func() bool { return c.Status().Reason == "no broker;; no database" })
	if c.Status().State != process.Starting {
		t.Errorf("state %s before it was ever ready", c.Status().State)
	}
	why.Store("")
	await(t, "ready", ready(c))
	why.Store("lost")
	await(t, "not ready", func() bool { return c.Status().State == process.NotReady && c.Status().Reason == "lost" })
}

func TestAnotherProcessWithTheSameNumberIsNeverSignalled(t *testing.T) {
	c, _ := run(t, spec(t, "steady"))
	await(t, "ready", ready(c))
	earlier := c.Status().Process
	earlier.Started-- // the number's former holder
	if err := earlier.Signal(syscall.SIGKILL); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("signal to a former holder: %v", err)
	}
	if err := earlier.End(syscall.SIGKILL, time.Minute); err != nil {
		t.Errorf("ending who is gone: %v", err)
	}
	if !c.Status().Process.Alive() || c.Status().Restarts != 0 {
		t.Error("the number's present holder was hit")
	}
}

func TestALogIsBoundedWhileItsWriterGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	w, err := process.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	if _, err := w.WriteString(strings.Repeat("a line of the log\n", 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := process.BoundLog(path); err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("and on\n"); err != nil {
		t.Fatal(err)
	}
	now, err := os.ReadFile(path)
	if err != nil || string(now) != "and on\n" {
		t.Errorf("log after the bound: %d bytes, %v", len(now), err)
	}
	old, err := os.Stat(path + ".1")
	if err != nil || old.Size() != int64(len("a line of the log\n")<<20) {
		t.Errorf("the old part: %v, %v", old, err)
	}
}

func TestTheTailOfALog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if got := process.Tail(path, 2); got != nil {
		t.Errorf("tail of no log: %q", got)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 100<<10)+"\none\ntwo\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(process.Tail(path, 2), ","); got != "two,three" {
		t.Errorf("tail %q", got)
	}
}

func TestAProcessThatStandsStillIsAskedToEndAsWell(t *testing.T) {
	s := spec(t, "polite")
	s.Grace = time.Minute
	c, stop := run(t, s)
	await(t, "at work", func() bool { return slices.Contains(process.Tail(s.Log, 1), "at work") })
	if err := c.Status().Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stop()
	if said := process.Tail(s.Log, 1); !slices.Equal(said, []string{"asked to end"}) {
		t.Errorf("it was killed: the last that it said is %q", said)
	}
}

// The kernel counts from 20 downwards: getpriority(2).
func TestAProcessYieldsAsItsSpecSays(t *testing.T) {
	s := spec(t, "steady")
	own, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Nice = max(20-own, 0) + 2 // the kernel tells 20 less the niceness
	c, _ := run(t, s)
	await(t, "a process that yields", func() bool {
		pid := c.Status().Process.PID
		if pid == 0 {
			return false
		}
		got, err := unix.Getpriority(unix.PRIO_PGRP, pid)
		return err == nil && got == 20-s.Nice && sessionYields(t, pid, s.Nice)
	})
}

// sessionYields says whether the session of a process has a niceness. Where the kernel has none for sessions, there is nothing to say.
func sessionYields(t *testing.T, pid, nice int) bool {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/autogroup", pid)) // "/autogroup-58727 nice 10"
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	return strings.HasSuffix(strings.TrimSpace(string(text)), fmt.Sprintf(" nice %d", nice))
}

// What a process may do stands in /proc, whatever it says itself.
func TestAProcessHasAUserOfItsOwnAndNoRightsBesides(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a process another user")
	}
	const number = 39_999
	s := spec(t, "steady")
	s.Account = process.ProgramAccount(number)
	dir := t.TempDir() // below a folder that is closed to others
	t.Chdir(dir)
	self, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile("program", self, 0o700), os.Chmod("program", 0o755), os.Chmod(dir, 0o711)); err != nil { //nolint:gosec // whatever the mask
		t.Fatal(err)
	}
	secret := filepath.Join(dir, "secrets", "password")
	s.Path, s.Dir, s.Owns = "./program", dir, []string{filepath.Join(dir, "tmp")}
	s.Files = []process.File{{Path: secret, Content: func() ([]byte, error) { return []byte("swordfish"), nil }}}
	c, _ := run(t, s)
	await(t, "ready", ready(c))
	pid := c.Status().Process.PID
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Uid:\t39999\t39999\t39999\t39999", "Gid:\t39999\t39999\t39999\t39999", "Groups:\t \n", "NoNewPrivs:\t1",
		"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000",
	} {
		if !strings.Contains(string(status), want) {
			t.Errorf("no %q in its status: %s", want, status)
		}
	}
	for path, want := range map[string]os.FileMode{secret: 0o400, filepath.Join(dir, "tmp"): os.ModeDir | 0o700} {
		info, err := os.Stat(path)
		if err != nil || info.Mode() != want || info.Sys().(*syscall.Stat_t).Uid != number {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}
