package inorder_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// slow is a host that answers after a while.
type slow struct{ after time.Duration }

func (s slow) Exchange(_ context.Context, calls []*link.Call) error {
	time.Sleep(s.after)
	for _, c := range calls {
		c.Done = true
	}
	return nil
}

func TestTheOldestWaitsFromWhenItIsFirstAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prepare := func(event.Event, *amqp.Result) (*link.Call, error) { return &link.Call{}, nil }
		h := inorder.New(slow{time.Minute}, "work", slog.New(slog.DiscardHandler), prepare)
		if got := h.Oldest(); got != 0 {
			t.Errorf("nothing waits, and the oldest waits for %s", got)
		}
		done := make(chan []amqp.Result)
		go func() { done <- h.Handle(t.Context(), make([]event.Event, 2)) }()
		time.Sleep(20 * time.Second)
		if got := h.Oldest(); got != 20*time.Second || h.Waiting() != 2 {
			t.Errorf("%d wait, the oldest for %s", h.Waiting(), got)
		}
		if results := <-done; len(results) != 2 || h.Oldest() != 0 {
			t.Errorf("%d results, the oldest waits for %s", len(results), h.Oldest())
		}
	})
}
