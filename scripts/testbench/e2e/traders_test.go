//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/witness"
)

// traders are providers that trade beside a test.
type traders struct {
	all     []*witness.Trader
	halt    context.CancelFunc
	trading sync.WaitGroup
}

// open logs providers on. They leave at the end of the test.
func (c *core) open(t *testing.T, name string, providers ...string) *traders {
	t.Helper()
	ts := &traders{}
	ctx, leave := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() {
		leave()
		running.Wait()
	})
	for i, p := range providers {
		label := c.run + "-" + name
		tr, err := witness.NewTrader(c.session(p), c.record(t, name+"-"+p), label, uint64(i+1))
		if err != nil {
			t.Fatal(err)
		}
		running.Go(func() { tr.Run(ctx) })
		ts.all = append(ts.all, tr)
	}
	for _, tr := range ts.all {
		waiting, cancel := context.WithTimeout(t.Context(), logonBound)
		defer cancel()
		if err := tr.Connected(waiting); err != nil {
			t.Fatal(err)
		}
	}
	return ts
}

// trade begins to trade, so many requests a second each.
func (ts *traders) trade(t *testing.T, perSecond int) {
	t.Helper()
	ctx, halt := context.WithCancel(t.Context())
	ts.halt = halt
	for _, tr := range ts.all {
		tr.Mark()
		ts.trading.Go(func() {
			if err := tr.Trade(ctx, perSecond); err != nil {
				t.Error(err)
			}
		})
	}
}

// Bounds for a busy machine.
const (
	answerBound = 90 * time.Second // for a deadline and what is under way
	moreBound   = 5 * time.Minute  // for some hundreds of acceptances
	logonBound  = 2 * time.Minute
	statusBound = time.Minute // for a process to say how it is
)

// finish ends trading and waits for all answers.
func (ts *traders) finish(t *testing.T) {
	t.Helper()
	ts.halt()
	ts.trading.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), answerBound)
	defer cancel()
	for _, tr := range ts.all {
		if err := tr.Finish(ctx); err != nil {
			t.Error(err)
		}
	}
}

func (ts *traders) mark() {
	for _, tr := range ts.all {
		tr.Mark()
	}
}

// accepted is how many requests all of them got accepted since the mark.
func (ts *traders) accepted() int {
	n := 0
	for _, tr := range ts.all {
		n += tr.Progress().Accepted
	}
	return n
}

// more waits until each of them has so many further acceptances of what it asks for from now on.
func (ts *traders) more(t *testing.T, n int) {
	t.Helper()
	enough := map[*witness.Trader]int{}
	for _, tr := range ts.all {
		underway := tr.Open() // at most so many acceptances are of what it asked for before
		enough[tr] = tr.Progress().Accepted + underway + n
	}
	for tr, want := range enough {
		testkit.Eventually(t, tr.Provider()+" to have more requests accepted", moreBound, func() error {
			if now := tr.Progress().Accepted; now < want {
				return fmt.Errorf("%d of %d were accepted", now, want)
			}
			return nil
		})
	}
}

// rejected are the reasons of rejections that the traders did not provoke, since the mark.
func (ts *traders) rejected() []string {
	var all []string
	for _, tr := range ts.all {
		all = append(all, tr.Progress().Rejected...)
	}
	return all
}

// stall is the longest time that any of them heard nothing, since the mark.
func (ts *traders) stall() time.Duration {
	var longest time.Duration
	for _, tr := range ts.all {
		longest = max(longest, tr.Progress().Stall)
	}
	return longest
}

// resumed tells when each of them had something accepted that it had asked for after the mark; false if one has not yet.
func (ts *traders) resumed() (last time.Time, all bool) {
	for _, tr := range ts.all {
		at := tr.Progress().Resumed
		if at.IsZero() {
			return last, false
		}
		if at.After(last) {
			last = at
		}
	}
	return last, true
}

// pass lets time pass: the traders go on meanwhile.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}
