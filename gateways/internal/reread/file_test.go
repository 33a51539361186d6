package reread

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// watched is a file of one number.
type watched struct {
	*File[int]
	t       *testing.T
	path    string
	applied []int
	refuse  error
	log     bytes.Buffer
}

func watch(t *testing.T) *watched {
	w := &watched{t: t, path: filepath.Join(t.TempDir(), "number")}
	w.write("1")
	parse := func(content []byte) (int, error) { return strconv.Atoi(string(content)) }
	apply := func(_ context.Context, n int) error {
		if w.refuse == nil {
			w.applied = append(w.applied, n)
		}
		return w.refuse
	}
	w.File = New(w.path, []byte("1"), parse, apply, slog.New(slog.NewTextHandler(&w.log, nil)))
	return w
}

func (w *watched) write(content string) {
	w.t.Helper()
	if err := os.WriteFile(w.path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// replace writes a new file and renames it, so that it takes the old one's place at once.
func (w *watched) replace(content string) {
	w.t.Helper()
	next := w.path + ".new"
	if err := errors.Join(os.WriteFile(next, []byte(content), 0o600), os.Rename(next, w.path)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) look(times int) {
	for range times {
		w.Look(w.t.Context())
	}
}

func (w *watched) expect(says string, applied ...int) {
	w.t.Helper()
	if fmt.Sprint(w.applied) != fmt.Sprint(applied) {
		w.t.Errorf("applied %v, want %v", w.applied, applied)
	}
	switch err := w.Check(w.t.Context()); {
	case says == "" && err != nil:
		w.t.Error(err)
	case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
		w.t.Errorf("error %v does not say %s", err, says)
	}
}

func TestOtherContentIsAppliedOnce(t *testing.T) {
	w := watch(t)
	w.look(2)
	w.expect("")
	w.replace("2")
	w.look(3)
	w.write("2") // written again, the same
	w.look(2)
	w.replace("3")
	w.look(2)
	w.expect("", 2, 3)
}

func TestAHalfWrittenFileIsNothingToSpeakOf(t *testing.T) {
	w := watch(t)
	w.write("")
	w.look(1)
	w.expect("")
	w.write("2")
	w.look(1)
	w.expect("", 2)
	if strings.Contains(w.log.String(), "WARN") {
		t.Error(w.log.String())
	}
}

func TestWhatCannotBeReadIsSaidOnceAndTheLastStaysInForce(t *testing.T) {
	w := watch(t)
	w.write("two")
	w.look(5)
	w.expect(`"two"`)
	if n := strings.Count(w.log.String(), "WARN"); n != 1 {
		t.Errorf("it was said %d times:\n%s", n, w.log.String())
	}
	if err := os.Remove(w.path); err != nil {
		t.Fatal(err)
	}
	w.look(2)
	w.expect("no such file")
	w.write(strings.Repeat("1", maxBytes+1))
	w.look(2)
	w.expect("more than")
	w.replace("1") // as it was
	w.look(1)
	w.expect("")
	w.replace("4")
	w.look(1)
	w.expect("", 4)
}

func TestWhatCannotBeAppliedIsTriedAgain(t *testing.T) {
	w := watch(t)
	w.refuse = errors.New("not now")
	w.replace("2")
	w.look(2)
	w.expect("not now")
	w.refuse = nil
	w.look(1)
	w.expect("", 2)
}

func TestRunLooksByItself(t *testing.T) {
	w := watch(t)
	w.replace("2")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	seen := make(chan int, 1)
	w.apply = func(_ context.Context, n int) error { seen <- n; return nil }
	go func() { ended <- w.Run(ctx) }()
	select {
	case n := <-seen:
		if n != 2 {
			t.Errorf("read %d", n)
		}
	case <-time.After(20 * time.Second):
		t.Error("it was not looked at")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
