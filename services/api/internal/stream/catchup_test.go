package stream_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
)

// past is a read model whose changes before position 100 are many: each read takes a second and goes on by one position. What changes
// later is nothing.
type past struct {
	each int // trades in one read

	mu      sync.Mutex
	reading map[string]int // reads under way, by the user in the context
	most    int            // of one user at once
}

type reader struct{}

func (*past) Horizon(context.Context) (string, uint64, error) { return "e1", 100, nil }

func (p *past) Changes(ctx context.Context, from, _ uint64, _ int) ([]*blotter.Facts, uint64, error) {
	user, _ := ctx.Value(reader{}).(string)
	p.count(user, 1)
	defer p.count(user, -1)
	select {
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	case <-time.After(time.Second):
	}
	trades := make([]*blotter.Facts, p.each)
	for i := range trades {
		trades[i] = &blotter.Facts{ID: fmt.Sprint(from, "-", i)}
	}
	return trades, from + 1, nil
}

func (p *past) count(user string, more int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reading == nil {
		p.reading = map[string]int{}
	}
	p.reading[user] += more
	p.most = max(p.most, p.reading[user])
}

// listening runs a hub on a past in a bubble, and hands it over.
func listening(t *testing.T, p *past, with func(t *testing.T, hub *stream.Hub)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		hub := stream.New(p, time.Now, testkit.Log(t))
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = hub.Run(ctx) })
		with(t, hub)
		stop()
		running.Wait()
	})
}

var long = stream.Position{Epoch: "e1", At: 1}

// Somebody who has missed much is asked each second whether the token still counts, not only once all is told.
func TestWhoCatchesUpIsCutOffWithItsToken(t *testing.T) {
	listening(t, &past{each: 1}, func(t *testing.T, hub *stream.Hub) {
		gone, begun := errors.New("revoked"), time.Now()
		var e ear
		err := hub.Listen(t.Context(), stream.Listener{Write: e.write, Alive: func(context.Context) error {
			if time.Since(begun) > 5*time.Second {
				return gone
			}
			return nil
		}}, long)
		if heard, _ := e.heard(); !errors.Is(err, gone) || len(heard) > 6 {
			t.Errorf("%v after %d trades", err, len(heard))
		}
	})
}

// Nobody lets a replica read the whole table.
func TestWhoHasMissedTooMuchIsReset(t *testing.T) {
	const each = 4_000
	listening(t, &past{each: each}, func(t *testing.T, hub *stream.Hub) {
		var e ear
		err := hub.Listen(t.Context(), stream.Listener{Write: e.write, Alive: func(context.Context) error { return nil }}, long)
		if heard, _ := e.heard(); err != nil || !e.reset || len(heard) > stream.MostMissed+each {
			t.Errorf("reset %t after %d trades, %v", e.reset, len(heard), err)
		}
	})
}

// Of one user's streams one at a time reads what it has missed. All come to the end, and another user does not wait for them.
func TestOneStreamOfAUserCatchesUpAtATime(t *testing.T) {
	p := &past{each: 1}
	listening(t, p, func(t *testing.T, hub *stream.Hub) {
		ctx, cut := context.WithCancel(t.Context())
		ears := map[string][]*ear{"U0001": {{}, {}, {}}, "U0002": {{}}}
		var running sync.WaitGroup
		for user, all := range ears {
			for _, e := range all {
				l := stream.Listener{User: user, Write: e.write, Alive: func(context.Context) error { return nil }}
				running.Go(func() { _ = hub.Listen(context.WithValue(ctx, reader{}, user), l, long) })
			}
		}
		time.Sleep(105 * time.Second) // in the test's own time: 99 reads
		if heard, _ := ears["U0002"][0].heard(); len(heard) != 99 {
			t.Errorf("the other user has heard %d trades", len(heard))
		}
		time.Sleep(205 * time.Second)
		for i, e := range ears["U0001"] {
			if heard, _ := e.heard(); len(heard) != 99 {
				t.Errorf("stream %d has heard %d trades", i, len(heard))
			}
		}
		if p.most != 1 {
			t.Errorf("%d streams of a user read at once", p.most)
		}
		cut()
		running.Wait()
	})
}
