package main_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// clone is a folder in which this test runs the real program, as make does.
type clone struct {
	t       *testing.T
	program string
	root    string
}

func newClone(t *testing.T) clone {
	t.Helper()
	dir := t.TempDir() // closed to other users, like /root: the servers' own users must get through
	c := clone{t: t, program: filepath.Join(dir, "fxcore"), root: filepath.Join(dir, "run")}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", c.program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Cleanup(func() { _, _ = c.fxcore("servers", "down") })
	return c
}

// fxcore runs a command line to its end, within a bound.
func (c clone) fxcore(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.program, args...)
	cmd.Env = append(os.Environ(), "FXCORE_ROOT="+c.root)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c clone) must(args ...string) string {
	c.t.Helper()
	out, err := c.fxcore(args...)
	if err != nil {
		c.t.Fatalf("fxcore %v: %v\n%s", args, err, out)
	}
	return out
}

func (c clone) record() supervisor.Record {
	c.t.Helper()
	r, err := supervisor.Read(folder.Folder(filepath.Join(c.root, "test")))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c clone) query(statement string) (answer string, err error) {
	b, err := os.ReadFile(filepath.Join(c.root, "test", "env", "test"))
	if err != nil {
		return "", err
	}
	_, url, _ := strings.Cut(string(b), "TEST_POSTGRES_URL='")
	url, _, _ = strings.Cut(url, "'")
	ctx, cancel := context.WithTimeout(c.t.Context(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, statement).Scan(&answer)
	return answer, err
}

func (c clone) server(name string) supervisor.Process {
	c.t.Helper()
	for _, p := range c.record().Processes {
		if p.Name == name {
			return p
		}
	}
	c.t.Fatalf("no %s in the record", name)
	return supervisor.Process{}
}

func (c clone) await(what string, condition func() bool) {
	c.t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline:
			c.t.Fatal("not within a minute: " + what)
		case <-tick.C:
		}
	}
}

// nothing fails the test if a process of the record still runs.
func (c clone) nothing(r supervisor.Record) {
	c.t.Helper()
	for _, p := range r.Processes {
		if p.Identity.Alive() {
			c.t.Errorf("%s, process %d, is still alive", p.Name, p.PID)
		}
	}
}

func TestTheServersSurviveWhatHappensToThemAndLeaveNothingBehind(t *testing.T) {
	c := newClone(t)
	c.must("servers", "up")
	if _, err := c.query("with made as (select 1) select 'up'"); err != nil {
		t.Fatal(err)
	}
	if out := c.must("servers", "up"); !strings.Contains(out, "the core already runs here") {
		t.Errorf("a second up says %q", out)
	}

	for _, name := range []string{"postgres", "rabbitmq", "redis", "epmd"} {
		before := c.server(name)
		if err := before.Identity.Signal(syscall.SIGKILL); err != nil {
			t.Fatalf("kill %s: %v", name, err)
		}
		c.await(name+" ready again", func() bool {
			now := c.server(name)
			return now.State == process.Ready && now.Identity != before.Identity
		})
	}

	all := c.record()
	if err := all.Supervisor.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c.await("the supervisor's lock released", func() bool { return !folder.Folder(filepath.Join(c.root, "test")).InUse() })
	c.must("servers", "down")
	c.nothing(all)

	c.must("servers", "up")
	all = c.record()
	c.must("servers", "down")
	c.nothing(all)
	if _, err := c.query("select 'down'"); err == nil {
		t.Error("PostgreSQL still answers")
	}
}

func TestServersWithACommandHaveItsExitCode(t *testing.T) {
	c := newClone(t)
	out, err := c.fxcore("servers", "with", "sh", "-c", `test -n "$TEST_POSTGRES_URL" -a -n "$TEST_AMQP_URL" -a -n "$TEST_AMQP_ADMIN_URL" -a -n "$TEST_REDIS_URL" && exit 7`)
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 7 {
		t.Errorf("%v, want exit code 7\n%s", err, out)
	}
	c.nothing(c.record())
}

func TestAnUnknownCommandExplainsItself(t *testing.T) {
	c := newClone(t)
	out, err := c.fxcore("fly")
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 2 || !strings.Contains(out, "fxcore status") {
		t.Errorf("%v\n%s", err, out)
	}
}
