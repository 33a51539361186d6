package stream_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/stream"
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
		o := stream.NewOutcomes(d, testkit.Log(t))
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
			time.Sleep(2 * stream.Glance) // in the test's own time
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
