package load_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/mix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// core answers as the real one does: a trade with pending, then filled; a line check at once. It can be told to fail.
type core struct {
	lose, double, reject, invent atomic.Int64  // for how many of the next trades
	stall                        time.Duration // the 20th trade is handled this long after the first one arrived
	first                        time.Time
	asks                         int64 // with this trade it asks whether the provider is there
	seen, alive                  atomic.Int64
}

func (c *core) serve(p *fixwiretest.Peer, m *fixwire.Message) {
	switch m.Kind {
	case "UDF":
		p.Send(fixwire.NewBody("UDG").Text(2318, m.Text(2318)).Int(2325, 0))
		return
	case "0":
		c.alive.Add(1)
		return
	}
	switch n := c.seen.Add(1); {
	case n == c.asks:
		p.Send(fixwire.NewBody("1").Text(112, "are you there"))
	case c.stall == 0:
	case n == 1:
		c.first = time.Now()
	case n == 20:
		<-time.After(time.Until(c.first.Add(c.stall)))
	}
	execution := func(execType string) *fixwire.Body {
		return fixwire.NewBody("8").Text(11, m.Text(11)).Text(150, execType).Text(58, "because")
	}
	p.Send(execution("A"))
	switch {
	case c.lose.Add(-1) >= 0:
	case c.reject.Add(-1) >= 0:
		p.Send(execution("8"))
	case c.double.Add(-1) >= 0:
		p.Send(execution("F"))
		p.Send(execution("F"))
	case c.invent.Add(-1) >= 0:
		p.Send(execution("F"))
		p.Send(fixwire.NewBody("8").Text(11, "somebody-else").Text(150, "F"))
	default:
		p.Send(execution("F"))
	}
}

func open(t *testing.T, c *core, sessions, checkShare int) *load.Load {
	t.Helper()
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	l, err := load.Open(t.Context(), load.Settings{
		Address: fixwiretest.Accept(t, c.serve).Addr, Sessions: sessions, CheckShare: checkShare, Run: "t", Prices: prices,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func TestABurstIsAnsweredAndAccountedFor(t *testing.T) {
	l := open(t, &core{}, 4, 10)
	result, err := l.Burst(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if result.Sent != 1000 || result.Trades+result.Checks > 1000 || result.Latencies.TotalCount() < 850 || result.ToLast <= 0 {
		t.Errorf("%+v", result)
	}
	if got := l.Totals(); got != (load.Totals{Sent: 1000, Answered: 1000}) {
		t.Errorf("totals %+v", got)
	}
}

func TestLostDoubledRejectedAndStrangeAnswersAreCounted(t *testing.T) {
	c := &core{}
	c.lose.Store(2)
	c.reject.Store(3)
	c.double.Store(4)
	c.invent.Store(1)
	l := open(t, c, 1, 0)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var result load.Result
	go func() {
		var err error
		result, err = l.Burst(ctx, 100)
		ended <- err
	}()
	want := load.Totals{Sent: 100, Answered: 98, Lost: 2, Doubled: 4, Strange: 1}
	testkit.Eventually(t, "all answers but two", 20*time.Second, func() error {
		if got := l.Totals(); got != want {
			return fmt.Errorf("totals %+v", got)
		}
		return nil
	})
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatalf("error: %v", err)
	}
	if result.Rejected != 3 || result.Reason != "because" {
		t.Errorf("rejected %d: %q", result.Rejected, result.Reason)
	}
}

func TestAClosedLoadKeepsItsTime(t *testing.T) {
	l := open(t, &core{}, 2, 0)
	var sent int
	var result load.Result
	took := 300 * time.Millisecond
	for ; result.Trades == 0 && took < time.Minute; took *= 2 { // a busy machine may have no time for a trade
		var err error
		if result, err = l.Closed(t.Context(), 10, took); err != nil {
			t.Fatal(err)
		}
		if result.Took < took {
			t.Errorf("it ended after %s instead of %s", result.Took, took)
		}
		sent += result.Sent
	}
	took /= 2
	if rate := result.TradesPerSecond(); rate <= 0 || rate > float64(result.Trades)/took.Seconds() {
		t.Errorf("%f trades per second", rate)
	}
	if got := l.Totals(); got.Lost != 0 || got.Doubled != 0 || got.Sent != sent {
		t.Errorf("totals %+v, sent %d", got, sent)
	}
}

// With the tenth request the core asks the provider whether it is there. An eleventh one would be sent before the answer.
func TestAClosedLoadKeepsItsBound(t *testing.T) {
	c := &core{asks: 10}
	c.lose.Store(1_000_000)
	l := open(t, c, 2, 0)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var result load.Result
	go func() {
		var err error
		result, err = l.Closed(ctx, 10, time.Hour)
		ended <- err
	}()
	testkit.Eventually(t, "ten requests and what comes after them", time.Minute, func() error {
		if c.alive.Load() == 0 {
			return fmt.Errorf("%d came", c.seen.Load())
		}
		return nil
	})
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) || result.Sent != 10 {
		t.Errorf("%d sent although none was answered, %v", result.Sent, err)
	}
}

// The core stops at the 20th of 500 requests, which are due every 2 ms, until all of them are due. The latencies of
// the later requests must show how long they waited: almost a second for the 21st, and nothing for the last.
func TestAStallShowsInEveryRequestThatWasDueMeanwhile(t *testing.T) {
	l := open(t, &core{stall: time.Second}, 1, 0)
	result, err := l.Open(t.Context(), 500, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if result.Sent != 500 || result.Latencies.TotalCount() != 500 {
		t.Errorf("sent %d, answered %d", result.Sent, result.Latencies.TotalCount())
	}
	for percent, least := range map[float64]int64{25: 200_000, 50: 450_000, 80: 750_000} { // exact: 210, 460, 760 ms
		if got := result.Latencies.ValueAtQuantile(percent); got < least {
			t.Errorf("%.0f %% took at most %d µs, want %d at least: the stall is hidden", percent, got, least)
		}
	}
}

// A latency is the time from the due time to the answer, and never more.
// A loop without an end in time goes on while an answer is late, stops when it is told to, and then waits for what is still to come.
func TestAnOpenLoopEndsWhenItIsTold(t *testing.T) {
	c := &core{}
	l := open(t, c, 2, 0)
	stop, end := context.WithCancel(t.Context())
	defer end()
	var result load.Result
	done := make(chan error, 1)
	go func() {
		var err error
		result, err = l.Until(t.Context(), stop, 500)
		done <- err
	}()
	testkit.Eventually(t, "300 trades", time.Minute, func() error {
		if n := c.seen.Load(); n < 300 {
			return fmt.Errorf("%d", n)
		}
		return nil
	})
	end()
	if err := <-done; err != nil || result.Sent < 300 || result.Latencies.TotalCount() != int64(result.Sent) {
		t.Errorf("%d of %d requests are answered: %v", result.Latencies.TotalCount(), result.Sent, err)
	}
}

// A latency is the time from the due time to the answer, and never more.
func TestALatencyIsFromTheDueTimeToTheAnswer(t *testing.T) {
	due := time.Now()
	for _, took := range []time.Duration{time.Microsecond, 3 * time.Millisecond, time.Minute} {
		got := time.Duration(load.Latency(due, due.Add(took))) * time.Microsecond
		if off := (got - took).Abs(); off > took/1000 {
			t.Errorf("%s is kept as %s", took, got)
		}
	}
}

func TestNobodyThereIsAnError(t *testing.T) {
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = load.Open(ctx, load.Settings{Address: "127.0.0.1:1", Sessions: 1, Run: "t", Prices: prices})
	if err == nil || !strings.Contains(err.Error(), "BENCH1") {
		t.Fatalf("error: %v", err)
	}
}

func TestTheScheduleStandsWhateverHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		due := load.Schedule(t.Context(), began, 10*time.Millisecond, 5)
		<-due
		<-time.After(time.Second) // nobody takes them in the meantime
		for i := 1; i < 5; i++ {
			if at := <-due; !at.Equal(began.Add(time.Duration(i) * 10 * time.Millisecond)) {
				t.Errorf("number %d is due after %s", i, at.Sub(began))
			}
		}
	})
}
