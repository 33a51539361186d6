package harm_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/faults/internal/harm"
	"fxcore/scripts/testbench/faults/internal/link"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

const bound = time.Minute

// core has at most one process and one link. onCall answers on-call's commands.
type core struct {
	process *harm.Process
	wire    *wire
	onCall  func(ctx context.Context, command ...string) error
}

func (c core) Move(ctx context.Context, provider, gateway string) error {
	return c.onCall(ctx, "move", provider, gateway)
}

func (c core) Drain(ctx context.Context, instance string) error {
	return c.onCall(ctx, "drain", instance)
}

func (c core) Day(ctx context.Context) error { return c.onCall(ctx, "day") }

func (c core) Order(ctx context.Context, path string, values url.Values) error {
	return c.onCall(ctx, "order", path, values.Encode())
}

func (c core) Running(string) (harm.Process, bool) {
	if c.process == nil {
		return harm.Process{}, false
	}
	return *c.process, true
}

func (c core) Link(name string) (harm.Link, bool) { return c.wire, name == "auth-1>redis" }

// wire records what the fault did to it.
type wire struct {
	mu  sync.Mutex
	all []link.Trouble
	cut int
}

func (w *wire) Set(t link.Trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, t)
}

func (w *wire) Cut() { w.cut++ }

// family starts a process that has a child, and returns both. They end with the test.
func family(t *testing.T) (*exec.Cmd, harm.Process, []int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "sleep 60 & echo $!; wait")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, pid := range []int{child, cmd.Process.Pid} {
			if p, err := os.FindProcess(pid); err == nil {
				_ = p.Kill()
			}
		}
		_ = cmd.Wait()
	})
	p, found := harm.Find(cmd.Process.Pid)
	if !found {
		t.Fatal("the process is not found")
	}
	return cmd, p, []int{cmd.Process.Pid, child}
}

// state returns the kernel's letter for the state of a process.
func state(pid int) string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(b), ") ")
	return rest[:min(1, len(rest))]
}

func awaitState(t *testing.T, pids []int, stopped bool) {
	t.Helper()
	testkit.Eventually(t, fmt.Sprintf("stopped to be %t", stopped), bound, func() error {
		for _, pid := range pids {
			if s := state(pid); (s == "T") != stopped || s == "" {
				return fmt.Errorf("process %d is in state %q", pid, s)
			}
		}
		return nil
	})
}

func TestAFrozenProcessStandsWithAllItsOwnAndGoesOn(t *testing.T) {
	_, p, pids := family(t)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan []harm.Done)
	go func() {
		done <- harm.Run(ctx, core{process: &p}, []schedule.Fault{{Kind: schedule.Freeze, Target: "x", For: time.Hour}})
	}()
	awaitState(t, pids, true)
	end()
	if got := <-done; len(got) != 1 || got[0].Skipped != "" {
		t.Errorf("%+v", got)
	}
	awaitState(t, pids, false)
}

func TestAKilledProcessIsGone(t *testing.T) {
	cmd, p, _ := family(t)
	harm.Run(t.Context(), core{process: &p}, []schedule.Fault{{Kind: schedule.Kill, Target: "x"}})
	if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Errorf("it ended with %v", err)
	}
	if done := harm.Run(t.Context(), core{process: &p}, []schedule.Fault{{Kind: schedule.Kill, Target: "x"}}); !strings.Contains(done[0].Skipped, "gone") {
		t.Errorf("killed again: %+v", done)
	}
}

// successors are processes of one name, of which the next one runs when the one before has ended.
type successors struct {
	core
	all []harm.Process
}

func (s successors) Running(string) (harm.Process, bool) {
	for _, p := range s.all {
		if q, runs := harm.Find(p.PID); runs {
			return q, true
		}
	}
	return harm.Process{}, false
}

func TestWhoIsAwayIsKilledAsOftenAsItComes(t *testing.T) {
	first, p, _ := family(t)
	second, q, _ := family(t)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan []harm.Done)
	go func() {
		done <- harm.Run(ctx, successors{all: []harm.Process{p, q}}, []schedule.Fault{{Kind: schedule.Away, Target: "x", For: time.Hour}})
	}()
	for _, cmd := range []*exec.Cmd{first, second} {
		if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
			t.Errorf("it ended with %v", err)
		}
	}
	end()
	if got := <-done; len(got) != 1 || got[0].Skipped != "" || got[0].PID != p.PID {
		t.Errorf("%+v", got)
	}
}

func TestARestartIsAsked(t *testing.T) {
	cmd, p, _ := family(t)
	p.Stop, p.Grace = syscall.SIGTERM, time.Minute
	harm.Run(t.Context(), core{process: &p}, []schedule.Fault{{Kind: schedule.Restart, Target: "x"}})
	if err := cmd.Wait(); err == nil || err.Error() != "signal: terminated" {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhoDoesNotEndWhenAskedIsKilled(t *testing.T) {
	cmd, p, _ := family(t)
	p.Stop, p.Grace = syscall.SIGURG, 50*time.Millisecond // a signal that ends nothing
	harm.Run(t.Context(), core{process: &p}, []schedule.Fault{{Kind: schedule.Restart, Target: "x"}})
	if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhatDoesNotRunIsLeftAlone(t *testing.T) {
	for _, kind := range []schedule.Kind{schedule.Kill, schedule.Freeze, schedule.Restart, schedule.Away} {
		done := harm.Run(t.Context(), core{}, []schedule.Fault{{Kind: kind, Target: "x"}})
		if len(done) != 1 || done[0].Skipped != "x does not run" {
			t.Errorf("%s: %+v", kind, done)
		}
	}
}

func TestEveryTroubleOfALinkEnds(t *testing.T) {
	for _, kind := range []schedule.Kind{
		schedule.Refuse, schedule.Hold, schedule.HoldOut, schedule.HoldIn, schedule.Hang, schedule.Deafen, schedule.Silence,
		schedule.Slow, schedule.VerySlow, schedule.Narrow,
	} {
		w := &wire{}
		done := harm.Run(t.Context(), core{wire: w}, []schedule.Fault{{Kind: kind, Target: "auth-1>redis", For: time.Millisecond}})
		if len(done) != 1 || done[0].Skipped != "" || len(w.all) != 2 || w.all[0] == (link.Trouble{}) || w.all[1] != (link.Trouble{}) {
			t.Errorf("%s: %+v, %+v", kind, done, w.all)
		}
	}
}

func TestACutIsOver(t *testing.T) {
	w := &wire{}
	if done := harm.Run(t.Context(), core{wire: w}, []schedule.Fault{{Kind: schedule.Cut, Target: "auth-1>redis"}}); w.cut != 1 || len(w.all) != 0 || done[0].Skipped != "" {
		t.Errorf("%+v: cut %d times, %+v", done, w.cut, w.all)
	}
}

func TestALinkThatIsNotThereIsSaidSo(t *testing.T) {
	done := harm.Run(t.Context(), core{wire: &wire{}}, []schedule.Fault{{Kind: schedule.Cut, Target: "auth-9>redis"}})
	if done[0].Skipped != "there is no link auth-9>redis" {
		t.Errorf("%+v", done)
	}
}

// Every kind of fault that a schedule can draw must have an act.
func TestEveryKindThatIsDrawnCanBeDone(t *testing.T) {
	var kinds []schedule.Kind
	for seed := range uint64(300) {
		for _, f := range schedule.Draw(seed, seed%2 == 1).Faults {
			if !slices.Contains(kinds, f.Kind) {
				kinds = append(kinds, f.Kind)
			}
		}
	}
	for _, kind := range kinds {
		if err := harm.Known(kind); err != nil {
			t.Error(err)
		}
	}
}

// A runner that is killed leaves no process frozen.
func TestTheFrozenGoOnWhenTheFreezerDies(t *testing.T) {
	if pid := os.Getenv("FREEZE"); pid != "" {
		freezeAndDie(t, pid)
		return
	}
	_, _, pids := family(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", t.Name()) //nolint:gosec // this test
	cmd.Env = append(os.Environ(), fmt.Sprintf("FREEZE=%d", pids[0]))
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || !strings.Contains(ended.String(), "killed") {
		t.Fatalf("%v: %s", err, out)
	}
	awaitState(t, pids, false)
}

func freezeAndDie(t *testing.T, of string) {
	var pid int
	if _, err := fmt.Sscan(of, &pid); err != nil {
		t.Fatal(err)
	}
	p, found := harm.Find(pid)
	if !found {
		t.Fatal("the process is not found")
	}
	go harm.Run(context.Background(), core{process: &p}, []schedule.Fault{{Kind: schedule.Freeze, Target: "x", For: time.Hour}})
	awaitState(t, []int{pid}, true)
	self, _ := os.FindProcess(os.Getpid())
	_ = self.Kill()
	select {}
}

func TestBusyLoopsComputeUntilTheFaultIsOver(t *testing.T) {
	for _, target := range []string{schedule.Together, schedule.EachApart} {
		self, _ := harm.Find(os.Getpid())
		before := len(harm.All(self))
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan []harm.Done, 1)
		go func() {
			ended <- harm.Run(ctx, core{}, []schedule.Fault{{Kind: schedule.Starve, Target: target, For: time.Hour}})
		}()
		testkit.Eventually(t, "ten loops", bound, func() error {
			busy := 0
			for _, p := range harm.All(self) {
				if state(p.PID) == "R" {
					busy++
				}
			}
			if busy < schedule.Loops {
				return fmt.Errorf("%d processes compute", busy)
			}
			return nil
		})
		end()
		if done := <-ended; len(done) != 1 || done[0].Skipped != "" {
			t.Errorf("%s: %+v", target, done)
		}
		testkit.Eventually(t, "the loops to end", bound, func() error {
			if now := len(harm.All(self)); now > before {
				return fmt.Errorf("%d processes, before %d", now, before)
			}
			return nil
		})
	}
}

func TestOnCallIsAskedAndNotWaitedForLong(t *testing.T) {
	asked := make(chan string, 3)
	c := core{onCall: func(ctx context.Context, command ...string) error {
		asked <- strings.Join(command, " ")
		switch command[1] {
		case "ALPHA":
			return errors.New("no instance takes it")
		case "BETA":
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}}
	done := harm.Run(t.Context(), c, []schedule.Fault{
		{Kind: schedule.Move, Target: "ALPHA>fix"}, {Kind: schedule.Move, Target: "BETA>fix"}, {Kind: schedule.Drain, Target: "fix-1"},
	})
	want := map[string]string{"ALPHA>fix": "no instance takes it", "BETA>fix": "no answer within 1.5s", "fix-1": ""}
	for _, d := range done {
		if d.Skipped != want[d.Target] {
			t.Errorf("%s: %q, want %q", d.Fault, d.Skipped, want[d.Target])
		}
	}
	got := []string{<-asked, <-asked, <-asked}
	slices.Sort(got)
	if strings.Join(got, ", ") != "drain fix-1, move ALPHA fix, move BETA fix" {
		t.Errorf("on-call was asked: %q", got)
	}
}
