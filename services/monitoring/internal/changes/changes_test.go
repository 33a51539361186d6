package changes_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/services/monitoring/internal/changes"
)

// A listener hears each change once. One that comes again hears what it has missed; one that comes from another replica hears of everything.
func TestAListenerHearsWhatChangedSinceItsPosition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var alerts atomic.Int64
		var away atomic.Bool
		h := changes.New(map[string]changes.Look{
			"alerts": func(context.Context) (any, error) { return alerts.Load(), nil },
			"errors": func(context.Context) (any, error) {
				if away.Load() {
					return nil, errors.New("the database is away")
				}
				return 0, nil
			},
		}, time.Now)
		ctx, stop := context.WithCancel(t.Context())
		go func() { _ = h.Run(ctx) }()
		heard := make(chan changes.News)
		listen := func(from changes.Position) context.CancelFunc {
			listening, leave := context.WithCancel(ctx)
			go func() { _ = h.Listen(listening, from, func(n changes.News) error { heard <- n; return nil }) }()
			return leave
		}
		leave := listen(changes.Position{})
		first := expect(t, heard, "[alerts errors]")
		expect(t, heard, "[]")
		alerts.Add(1)
		away.Store(true)
		n := expect(t, heard, "[alerts]")
		if n.Ages["errors"] < time.Second || n.Ages["alerts"] != 0 {
			t.Errorf("ages %v", n.Ages)
		}
		leave()
		synctest.Wait()
		leave = listen(first.To)
		expect(t, heard, "[alerts]")
		leave()
		synctest.Wait()
		other, _ := changes.ParsePosition("elsewhere-7")
		leave = listen(other)
		expect(t, heard, "[alerts errors]")
		leave()
		stop()
		synctest.Wait()
	})
}

func expect(t *testing.T, heard <-chan changes.News, want string) changes.News {
	t.Helper()
	n := <-heard
	if got := fmt.Sprint(n.Topics); got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	return n
}

func TestAPositionIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	p, ok := changes.ParsePosition("AB12-7")
	if !ok || p.String() != "AB12-7" {
		t.Errorf("%v %v", p, ok)
	}
	for _, text := range []string{"", "7", "-7", "a-", "a-b", "a--1"} {
		if _, ok := changes.ParsePosition(text); ok {
			t.Errorf("%q is a position", text)
		}
	}
}
