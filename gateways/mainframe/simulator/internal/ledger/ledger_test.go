package ledger

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// open starts a ledger on the folder; stop ends it.
func open(t *testing.T, dir string) (l *Ledger, stop func()) {
	t.Helper()
	l, err := Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	return l, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

type answer struct {
	entry Entry
	err   error
}

// book hands in a trade; its content is its request.
func book(l *Ledger, trade, content string) <-chan answer {
	out := make(chan answer, 1)
	l.Submit(trade, []byte(content), func() (json.RawMessage, error) { return json.Marshal(content) },
		func(e Entry, err error) { out <- answer{e, err} })
	return out
}

func TestTradeIsBookedOnceAndAnsweredTheSameAgain(t *testing.T) {
	l, stop := open(t, t.TempDir())
	defer stop()
	first, second := <-book(l, "t1", "x"), <-book(l, "t1", "x")
	if first.err != nil || second.err != nil || first.entry.Again || !second.entry.Again {
		t.Fatalf("%+v then %+v", first, second)
	}
	if first.entry.Reference != second.entry.Reference || !first.entry.BookedAt.Equal(second.entry.BookedAt) {
		t.Errorf("%+v then %+v", first, second)
	}
	if other := <-book(l, "t1", "y"); !errors.Is(other.err, ErrConflict) {
		t.Errorf("other content: %+v", other)
	}
	if l.Count() != 1 {
		t.Errorf("%d bookings", l.Count())
	}
}

func TestSameTradeTwiceInOneGroupIsBookedOnce(t *testing.T) {
	l, err := Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	a, b := book(l, "t1", "x"), book(l, "t1", "x") // both wait: one group
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	first, second := <-a, <-b
	cancel()
	if err := errors.Join(first.err, second.err, <-ended); err != nil || first.entry.Reference != second.entry.Reference {
		t.Error(err, first, second)
	}
}

func TestOrderOfArrivalIsKeptAcrossARestart(t *testing.T) {
	dir := t.TempDir()
	l, stop := open(t, dir)
	for i := range 100 {
		if a := <-book(l, fmt.Sprintf("t%03d", i), "x"); a.err != nil {
			t.Fatal(a.err)
		}
	}
	stop()
	l, stop = open(t, dir)
	defer stop()
	if a := <-book(l, "t042", "x"); !a.entry.Again || a.entry.Reference != reference(43) {
		t.Errorf("the 43rd trade again: %+v", a)
	}
	if a := <-book(l, "t100", "x"); a.entry.Reference != reference(101) {
		t.Errorf("the next one: %+v", a)
	}
	lines, n := bufio.NewScanner(l.Lines()), 0
	for ; lines.Scan(); n++ {
		var line Line
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.TradeID != fmt.Sprintf("t%03d", n) {
			t.Fatalf("line %d: %v, %s", n, err, lines.Bytes())
		}
	}
	if n != 101 {
		t.Errorf("%d lines", n)
	}
}

func TestLineThatACrashCutOffIsCutAway(t *testing.T) {
	dir := t.TempDir()
	l, stop := open(t, dir)
	<-book(l, "t1", "x")
	stop()
	name := filepath.Join(dir, fileName)
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(content, content[:20]...), 0o600); err != nil {
		t.Fatal(err)
	}
	l, stop = open(t, dir)
	defer stop()
	if a := <-book(l, "t2", "x"); a.err != nil || a.entry.Reference != reference(2) {
		t.Errorf("%+v", a)
	}
	for _, id := range []string{"t1", "t2"} {
		text, found, err := l.Find(id)
		var line Line
		if err := errors.Join(err, json.Unmarshal(text, &line)); !found || err != nil || line.TradeID != id {
			t.Errorf("%s: %v, %s", id, err, text)
		}
	}
}

func TestDamagedBookIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, time.Now); err == nil {
		t.Error("opened")
	}
}

func TestStoppedLedgerSaysSo(t *testing.T) {
	l, stop := open(t, t.TempDir())
	stop()
	if a := <-book(l, "t1", "x"); !errors.Is(a.err, ErrStopped) {
		t.Errorf("%+v", a)
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	l, err := Open(dir, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	var last <-chan answer
	for i := range 10_000 {
		last = book(l, fmt.Sprint(i), "x")
	}
	<-last
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l, err := Open(dir, time.Now)
		if err != nil || l.Count() != 10_000 {
			b.Fatal(err, l.Count())
		}
		_ = l.journal.Close()
	}
}
