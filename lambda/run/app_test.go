package run_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fxcore/lambda/config"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
)

func TestMain(m *testing.M) {
	if os.Getenv(child) == "words" { // before the test's flags are parsed, as in a program that has none
		run.Healthy()
		os.Exit(program(false))
	}
	// go-redis looks for a server that is away once a second, and notices the end of its pool only then.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// diary records what happened, in order.
type diary struct{ testkit.Diary }

// note returns a part of a program that records that it ran.
func (d *diary) note(what string) func(context.Context) error {
	return func(context.Context) error {
		d.Note(what)
		return nil
	}
}

func newApp(t *testing.T) (*run.App, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return run.NewForTest("service", config.Base{Replica: "one", HealthAddr: "127.0.0.1:0"}, &out), &out
}

// The program is not ready before it runs, and neither while only its health server does.
func TestAProgramIsReadyFromItsLastStartToItsEnd(t *testing.T) {
	app, _ := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	ready := func() bool { return app.Health.Status(t.Context()).Ready }
	var starting, stopping bool
	app.Add("first", func(context.Context) error { starting = ready(); return nil }, func(context.Context) error { stopping = ready(); return nil })
	before := ready()
	ended := make(chan int, 1)
	go func() { ended <- app.Live(ctx) }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error {
		if !ready() {
			return errors.New("not ready")
		}
		return nil
	})
	cancel()
	if code := <-ended; code != 0 || before || starting || stopping || ready() {
		t.Errorf("exit code %d; ready before %v, starting %v, stopping %v, after %v", code, before, starting, stopping, ready())
	}
}

func TestPartsStartInOrderAndStopInReverse(t *testing.T) {
	app, _ := newApp(t)
	var d diary
	ctx, cancel := context.WithCancel(t.Context())
	app.Add("a", d.note("start a"), d.note("stop a"))
	app.Go("b", func(ctx context.Context) error {
		d.Note("loop b")
		<-ctx.Done()
		d.Note("end b")
		return ctx.Err()
	})
	app.Add("c", nil, d.note("stop c"))
	app.Add("d", func(context.Context) error { cancel(); d.Note("start d"); return nil }, nil)
	if code := app.Live(ctx); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	got := strings.Join(d.Notes(), ", ")
	// The loop runs on its own, so its first entry may come at any time after a's.
	got = strings.Replace(got, "loop b, start d", "start d, loop b", 1)
	got = strings.Replace(got, "stop c, loop b", "loop b, stop c", 1)
	if want := "start a, start d, loop b, stop c, end b, stop a"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestAPartThatFailsToStartStopsThoseBeforeIt(t *testing.T) {
	app, out := newApp(t)
	var d diary
	app.Add("a", d.note("start a"), d.note("stop a"))
	app.Add("b", func(context.Context) error { return errors.New("no room") }, d.note("stop b"))
	app.Add("c", d.note("start c"), d.note("stop c"))
	if code := app.Live(t.Context()); code != 1 {
		t.Fatalf("exit code %d", code)
	}
	if diff := cmp.Diff([]string{"start a", "stop a"}, d.Notes()); diff != "" {
		t.Fatal(diff)
	}
	if !strings.Contains(out.String(), "start b: no room") {
		t.Fatalf("log: %s", out)
	}
}

func TestALoopThatFailsEndsTheProgram(t *testing.T) {
	app, out := newApp(t)
	var d diary
	app.Add("a", nil, d.note("stop a"))
	app.Go("b", func(context.Context) error { return errors.New("broken") })
	if code := app.Live(t.Context()); code != 1 {
		t.Fatalf("exit code %d", code)
	}
	if !strings.Contains(out.String(), "b: broken") || len(d.Notes()) != 1 {
		t.Fatalf("stopped %v, log: %s", d.Notes(), out)
	}
}

func TestALoopThatFinishesDoesNot(t *testing.T) {
	app, _ := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	finished := make(chan struct{})
	app.Go("a", func(context.Context) error { close(finished); return nil })
	app.Go("b", func(ctx context.Context) error { <-finished; cancel(); <-ctx.Done(); return nil })
	if code := app.Live(ctx); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAwaitTriesUntilItSucceedsAndSaysWhyNot(t *testing.T) {
	app, out := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	app.Await("server", func(context.Context) error {
		if reason := app.Health.Status(ctx).Reasons["start"]; tries > 0 && reason != "server: away" {
			t.Errorf("reason %q", reason)
		}
		if tries++; tries < 3 {
			return errors.New("away")
		}
		return nil
	})
	app.Add("later", func(context.Context) error {
		if tries != 3 {
			t.Errorf("the next part started after %d tries", tries)
		}
		cancel()
		return nil
	}, nil)
	if code := app.Live(ctx); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if n := strings.Count(out.String(), "waiting for a server"); n != 1 {
		t.Fatalf("said %d times that it waits: %s", n, out)
	}
}

func TestAwaitEndsWhenTheProgramIsTold(t *testing.T) {
	app, _ := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	app.Await("server", func(context.Context) error { cancel(); return errors.New("away") })
	if code := app.Live(ctx); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestAwaitEndsWhenAnotherPartFails(t *testing.T) {
	app, out := newApp(t)
	tried := make(chan struct{})
	app.Go("loop", func(context.Context) error { <-tried; return errors.New("broken") })
	var once sync.Once
	app.Await("server", func(context.Context) error { once.Do(func() { close(tried) }); return errors.New("away") })
	if code := app.Live(t.Context()); code != 1 || !strings.Contains(out.String(), "loop: broken") {
		t.Fatalf("exit code %d, log: %s", code, out)
	}
}

func TestAPartThatDoesNotStopIsLeftBehindWithinItsBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := run.NewForTest("service", config.Base{Replica: "one", HealthAddr: "127.0.0.1:0"}, new(bytes.Buffer))
		release := make(chan struct{})
		var d diary
		app.Add("a", nil, d.note("stop a"))
		app.Go("deaf", func(context.Context) error { <-release; return nil })
		ctx, cancel := context.WithCancel(t.Context())
		app.Add("b", func(context.Context) error { cancel(); return nil }, nil)
		began := time.Now()
		code := app.LiveUnwatched(ctx)
		if took := time.Since(began); code != 1 || took > 11*time.Second || len(d.Notes()) != 1 {
			t.Errorf("exit code %d after %s, %v", code, took, d.Notes())
		}
		close(release)
	})
}
