package seat

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"fxcore/lambda/lease"
	"fxcore/lambda/testkit"
)

// diary is what happened to the sessions of a seat, in order.
type diary struct {
	mu     sync.Mutex
	lines  []string
	fail   int // so many starts fail
	onStop func(ctx context.Context) error
}

func (d *diary) note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) expect(t *testing.T, want ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.lines, want) {
		t.Errorf("%q, want %q", d.lines, want)
	}
}

// noted is a session that notes what is done to it.
type noted struct{ *diary }

func (n noted) Start(_ context.Context, epoch int64) error {
	n.mu.Lock()
	failed := n.fail > 0
	n.fail--
	n.mu.Unlock()
	if failed {
		n.note("not started")
		return errors.New("not now")
	}
	n.note("started under " + string(rune('0'+epoch)))
	return nil
}

func (n noted) Stop(ctx context.Context) error {
	n.note("stopped")
	if n.onStop != nil {
		return n.onStop(ctx)
	}
	return nil
}

func (n noted) Abandon(context.Context) error { n.note("abandoned"); return nil }
func (n noted) Status() Status                { return Status{} }
func (n noted) Waiting() int                  { return 0 }
func (n noted) Check(context.Context) error   { return nil }

func seated(t *testing.T) (*Seats, *Seat[noted], *diary) {
	t.Helper()
	d := &diary{}
	s := New("ALPHA", func() noted { return noted{d} })
	return NewSeats([]*Seat[noted]{s}, testkit.Log(t)), s, d
}

func TestASessionIsMadeAnewUnderItsLease(t *testing.T) {
	seats, s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	seats.Gained(term, "ALPHA", 3)
	d.fail = 2 // what fails is tried again
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if active, _ := s.Active(); !active {
		t.Error("it does not serve")
	}
	end(lease.ErrGiven)
	seats.Lost("ALPHA")
	d.expect(t, "started under 3", "stopped", "not started", "not started", "started under 3", "stopped")
}

func TestWithoutALeaseThereIsNothingToMakeAnew(t *testing.T) {
	seats, s, d := seated(t)
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	term, end := context.WithCancelCause(t.Context())
	seats.Gained(term, "ALPHA", 1)
	end(errors.New("lapsed"))
	seats.Lost("ALPHA")
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.expect(t, "started under 1", "abandoned")
}

// A lease that is lost while its session is being made anew ends that: nothing is started, and nothing more is said.
func TestALeaseThatIsLostUnderWayEndsTheChange(t *testing.T) {
	seats, s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	seats.Gained(term, "ALPHA", 1)
	d.onStop = func(ctx context.Context) error {
		end(errors.New("lapsed"))
		<-ctx.Done()
		return ctx.Err()
	}
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	seats.Lost("ALPHA")
	d.expect(t, "started under 1", "stopped", "abandoned")
	if _, filled := s.Held(); filled {
		t.Error("the seat is not empty")
	}
}

// Who gives up before the session could be made anew must come again; then it goes on.
func TestAChangeThatDidNotSucceedCanBeTriedAgain(t *testing.T) {
	seats, s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	defer end(nil)
	seats.Gained(term, "ALPHA", 1)
	d.fail = 1
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Renew(ctx); err == nil {
		t.Fatal("no error")
	}
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.expect(t, "started under 1", "stopped", "not started", "started under 1")
}
