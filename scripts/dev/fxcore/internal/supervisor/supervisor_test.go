package supervisor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// The test binary is its own helper: it notes its start and its end in a diary that all helpers share.
func TestMain(m *testing.M) {
	name := os.Getenv("NAME")
	if name == "" {
		goleak.VerifyTestMain(m)
		return
	}
	if strings.HasPrefix(name, "failing") {
		fmt.Println("no such table")
		os.Exit(1)
	}
	helper(name)
}

func helper(name string) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	note(name + " started")
	<-told
	note(name + " stopped")
	os.Exit(0)
}

func note(line string) {
	f, err := os.OpenFile(os.Getenv("DIARY"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(f, line)
	}
	if err != nil {
		os.Exit(9)
	}
}

type room struct {
	folder folder.Folder
	diary  string
	mu     sync.Mutex
	said   []string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	f, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &room{folder: f, diary: f.Path("diary")}
}

func (r *room) say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, line)
}

func (r *room) read() []string {
	b, _ := os.ReadFile(r.diary)
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

func (r *room) phase(names ...string) supervisor.Phase {
	p := supervisor.Phase{Title: strings.Join(names, " and "), Patience: 20 * time.Second, Needed: true}
	for _, name := range names {
		p.Specs = append(p.Specs, process.Spec{
			Name: name, Path: "/proc/self/exe", Dir: "/", Env: []string{"NAME=" + name, "DIARY=" + r.diary}, Log: r.folder.Log(name),
			Stop: syscall.SIGTERM, Orphan: syscall.SIGKILL, Grace: 10 * time.Second,
			Ready: func(context.Context) error {
				if !slices.Contains(r.read(), name+" started") {
					return errors.New("not yet")
				}
				return nil
			},
		})
	}
	return p
}

func TestPhasesStartInOrderAndStopInReverse(t *testing.T) {
	r := newRoom(t)
	s := supervisor.New(r.folder, supervisor.About{Ports: map[string]int{"fix": 1}}, r.say)
	prepared := r.phase("second")
	prepared.Prepare = func(context.Context) error {
		return os.WriteFile(r.diary, []byte(strings.Join(r.read(), "\n")+"\nprepared\n"), 0o600)
	}
	if err := s.Start(t.Context(), []supervisor.Phase{r.phase("first"), prepared}); err != nil {
		t.Fatal(err)
	}
	children := s.Children()
	s.Stop()
	want := []string{"first started", "prepared", "second started", "second stopped", "first stopped"}
	if got := r.read(); !slices.Equal(got, want) {
		t.Errorf("diary %q, want %q", got, want)
	}
	for _, c := range children {
		if c.Status().State != process.Stopped {
			t.Errorf("%s is %s", c.Spec.Name, c.Status().State)
		}
	}
	record, err := supervisor.Read(r.folder)
	if err != nil || record.State != supervisor.Stopped || record.Ports["fix"] != 1 {
		t.Errorf("record %+v, %v", record, err)
	}
}

func TestANeededProcessThatFailsEndsTheStartWithItsLastWords(t *testing.T) {
	r := newRoom(t)
	s := supervisor.New(r.folder, supervisor.About{}, r.say)
	defer s.Stop()
	err := s.Start(t.Context(), []supervisor.Phase{r.phase("first"), r.phase("failing"), r.phase("never")})
	if err == nil || !strings.Contains(err.Error(), "no such table") || !strings.Contains(err.Error(), "failing.log") {
		t.Errorf("error %v; want the log's last line and where it is", err)
	}
	if slices.Contains(r.read(), "never started") {
		t.Error("a later phase was started")
	}
}

func TestAProcessThatIsNotNeededDoesNotHoldUpTheOthers(t *testing.T) {
	r := newRoom(t)
	s := supervisor.New(r.folder, supervisor.About{}, r.say)
	defer s.Stop()
	failing := r.phase("failing")
	failing.Needed = false
	if err := s.Start(t.Context(), []supervisor.Phase{failing, r.phase("later")}); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.read(), "later started") || !strings.Contains(strings.Join(r.said, "\n"), "warning: not ready: failing") {
		t.Errorf("diary %q, said %q", r.read(), r.said)
	}
}

func TestAReplicaIsAddedAndRemoved(t *testing.T) {
	r := newRoom(t)
	s := supervisor.New(r.folder, supervisor.About{}, r.say)
	defer s.Stop()
	s.Add(r.phase("third").Specs[0])
	deadline := time.After(time.Minute)
	for !slices.Contains(r.read(), "third started") {
		select {
		case <-deadline:
			t.Fatal("not started within a minute")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if !s.Has("third") || !s.Remove("third") || s.Has("third") || s.Remove("third") {
		t.Error("a process that was added could not be removed once")
	}
	if !slices.Contains(r.read(), "third stopped") {
		t.Errorf("removed without being stopped: %q", r.read())
	}
}

func TestASweepEndsWhatTheRecordNamesAndNothingElse(t *testing.T) {
	r := newRoom(t)
	orphan, bystander := start(t, r, "orphan"), start(t, r, "bystander")
	mistaken := bystander
	mistaken.Started-- // the record has the identity of an earlier process with this number
	record := supervisor.Record{State: supervisor.Running, Processes: []supervisor.Process{
		{Name: "orphan", Identity: orphan, Stop: syscall.SIGTERM}, {Name: "former", Identity: mistaken, Stop: syscall.SIGKILL}, {Name: "gone"},
	}}
	if err := r.folder.WriteJSON(supervisor.RecordName, record, 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := supervisor.Sweep(r.folder)
	if err != nil || n != 1 {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
	if orphan.Alive() || !bystander.Alive() {
		t.Errorf("orphan alive %v, bystander alive %v", orphan.Alive(), bystander.Alive())
	}
}

func start(t *testing.T, r *room, name string) process.Identity {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Path, _ = filepath.EvalSymlinks(cmd.Path)
	cmd.Env = []string{"NAME=" + name, "DIARY=" + r.diary}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
	})
	identity, err := process.Identify(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	return identity
}
