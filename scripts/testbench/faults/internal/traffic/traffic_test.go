package traffic_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
)

const bound = time.Minute

func TestAStreamFromItsBeginToItsEnd(t *testing.T) {
	acceptor, folder := fixwiretest.Accept(t, fixwiretest.Grant), t.TempDir()
	s, err := traffic.Open(
		schedule.Stream{Kind: "fix", Provider: "TEST1", PerSecond: 200, Seed: 1}, traffic.Setting{Run: "s1", Records: folder, Door: acceptor.Addr, Board: &witness.Board{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	if err := s.Open(ctx); err != nil {
		t.Fatal(err)
	}
	trading, halt := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Trade(trading) }()
	s.Await()
	testkit.Eventually(t, "a request that is granted", bound, func() error {
		if _, yes := s.Resumed(); !yes {
			return context.DeadlineExceeded
		}
		return nil
	})
	halt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.Finish(ctx); err != nil {
		t.Error(err)
	}
	f := s.Figures()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	record, err := os.ReadFile(filepath.Join(folder, "s1-TEST1.jsonl"))
	sent, granted := strings.Count(string(record), `"sent"`), strings.Count(string(record), `"accepted"`)
	if err != nil || f.Requests == 0 || f.Requests != sent || f.Granted != granted || f.Silence <= 0 {
		t.Errorf("%+v, recorded %d sent and %d granted, %v", f, sent, granted, err)
	}
}

func TestAnUnknownKindIsSaidSo(t *testing.T) {
	if _, err := traffic.Open(schedule.Stream{Kind: "pigeon"}, traffic.Setting{}); err == nil {
		t.Error("no error")
	}
}

func TestFiguresAddUp(t *testing.T) {
	a := traffic.Figures{Requests: 3, Granted: 2, Rejected: []string{"x"}, Silence: time.Second}
	b := traffic.Figures{Requests: 5, Granted: 5, Silence: 3 * time.Second}
	if got := a.Add(b); got.Requests != 8 || got.Granted != 7 || len(got.Rejected) != 1 || got.Silence != 3*time.Second {
		t.Errorf("%+v", got)
	}
}
