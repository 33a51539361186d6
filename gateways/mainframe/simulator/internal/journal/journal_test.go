package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type line struct{ N int }

// open opens a journal and returns the lines that lie in it.
func open(t *testing.T, dir string) (j *Journal, lines []string) {
	t.Helper()
	j, err := Open(dir, "test.jsonl", func(text []byte, at Place) error {
		if int(at.Length) != len(text) {
			return fmt.Errorf("%d bytes at a place of %d", len(text), at.Length)
		}
		lines = append(lines, strings.TrimSpace(string(text)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return j, lines
}

func TestWorkIsAnsweredInItsOrderOnceItsLinesCanBeRead(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	const n = 1200 // more than two groups
	places, answered := make([]Place, n), make(chan int, n)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	for i := range n {
		j.Submit(
			func(g *Group) { places[i], _ = g.Append(line{i}) },
			func(err error) {
				if text, again := j.Line(places[i]); err != nil || again != nil || string(text) != fmt.Sprintf("{\"N\":%d}\n", i) {
					t.Errorf("line %d: %q, %v, %v", i, text, err, again)
				}
				answered <- i
			})
	}
	go func() { ended <- j.Run(ctx) }()
	for i := range n {
		if got := <-answered; got != i {
			t.Fatalf("%d answered before %d", got, i)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	j, lines := open(t, dir)
	defer func() { _ = j.Close() }()
	if len(lines) != n || lines[n-1] != fmt.Sprintf(`{"N":%d}`, n-1) {
		t.Errorf("%d lines after a restart", len(lines))
	}
}

func TestDiskThatFailsEndsTheJournalAndNothingIsSaidToBeDone(t *testing.T) {
	j, _ := open(t, t.TempDir())
	if err := j.Close(); err != nil { // a write will fail
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- j.Run(context.Background()) }()
	if err := j.Do(func(g *Group) { _, _ = g.Append(line{1}) }); err == nil {
		t.Error("done")
	}
	if err := <-ended; err == nil {
		t.Error("the journal goes on")
	}
	if err := j.Do(func(*Group) {}); !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
}
