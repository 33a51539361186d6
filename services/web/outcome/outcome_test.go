package outcome_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/web/outcome"
)

// decisions are the trades that are decided.
type decisions struct {
	mu   sync.Mutex
	made map[string]bool
}

func (d *decisions) decide(trade string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made[trade] = true
}

func (d *decisions) Decided(_ context.Context, trades []string) (decided []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range trades {
		if d.made[t] {
			decided = append(decided, t)
		}
	}
	return decided, nil
}

// Everybody who waits is told of the own trade, and nobody of another's.
func TestWhoWaitsIsToldOfTheOwnTrade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &decisions{made: map[string]bool{}}
		o := outcome.New(d, testkit.Log(t))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = o.Run(ctx) })
		var told []<-chan struct{}
		for i := range 3 {
			for range 2 {
				decided, stop := o.Follow(fmt.Sprint(i))
				defer stop()
				told = append(told, decided)
			}
		}
		for i := range 3 {
			d.decide(fmt.Sprint(i))
			time.Sleep(2 * outcome.Glance) // in the test's own time
			for j, decided := range told {
				select {
				case <-decided:
					if j/2 > i {
						t.Errorf("waiter %d was told early", j)
					}
				default:
					if j/2 <= i {
						t.Errorf("waiter %d was not told", j)
					}
				}
			}
		}
		cancel()
		running.Wait()
	})
}

// away is a read model that cannot be read.
type away struct{ asked atomic.Int32 }

func (a *away) Decided(context.Context, []string) ([]string, error) {
	a.asked.Add(1)
	return nil, errors.New("away")
}

// While the database is away it is not asked 50 times a second, and the log has a line a second.
func TestWhatIsAwayIsAskedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		decider := &away{}
		o := outcome.New(decider, testkit.Log(t))
		ctx, cancel := context.WithCancel(t.Context())
		_, stop := o.Follow("a")
		defer stop()
		var running sync.WaitGroup
		running.Go(func() { _ = o.Run(ctx) })
		time.Sleep(10 * time.Second) // in the test's own time
		if n := decider.asked.Load(); n < 5 || n > 11 {
			t.Errorf("asked %d times in 10 s", n)
		}
		cancel()
		running.Wait()
	})
}
