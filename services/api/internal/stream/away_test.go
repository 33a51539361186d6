package stream_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
)

// away is a read model that cannot be read.
type away struct{ asked atomic.Int32 }

func (a *away) Horizon(context.Context) (string, uint64, error) {
	a.asked.Add(1)
	return "", 0, errors.New("away")
}

func (a *away) Changes(context.Context, uint64, uint64, int) ([]*blotter.Facts, uint64, error) {
	return nil, 0, errors.New("away")
}

// While the database is away it is not asked 50 times a second, and the log has a line a second.
func TestWhatIsAwayIsAskedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &away{}
		hub := stream.New(source, time.Now, testkit.Log(t))
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = hub.Run(ctx) })
		running.Go(func() { _ = hub.Listen(ctx, stream.Listener{}, stream.Position{}) })
		time.Sleep(10 * time.Second) // in the test's own time
		if n := source.asked.Load(); n < 5 || n > 11 {
			t.Errorf("asked %d times in 10 s", n)
		}
		cancel()
		running.Wait()
	})
}
