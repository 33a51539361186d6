package seat

import (
	"context"
	"errors"
	"sync"
	"testing"

	"fxcore/lambda/lease"
	"fxcore/lambda/testkit"
)

// diary is what happened to the sessions of a seat, in order.
type diary struct {
	testkit.Diary

	onStop func(ctx context.Context) error

	failed error // why it has ended by itself

	mu    sync.Mutex
	fail  int // so many starts fail
	epoch int64
}

// noted is a session that notes what is done to it.
type noted struct{ *diary }

func (n noted) Prepare(context.Context) error { return nil }

func (n noted) Open(_ context.Context, epoch int64) error {
	n.mu.Lock()
	failed := n.fail > 0
	n.fail--
	n.epoch = epoch
	n.mu.Unlock()
	if failed {
		n.Note("not started")
		return errors.New("not now")
	}
	return nil
}

func (n noted) Start(context.Context) error {
	n.mu.Lock()
	epoch := n.epoch
	n.mu.Unlock()
	n.Note("started under " + string(rune('0'+epoch)))
	return nil
}

func (n noted) Stop(ctx context.Context) error {
	n.Note("stopped")
	if n.onStop != nil {
		return n.onStop(ctx)
	}
	return nil
}

func (n noted) Abandon(context.Context) error { n.Note("abandoned"); return nil }
func (n noted) Status() Status                { return Status{} }
func (n noted) Waiting() int                  { return 0 }
func (n noted) Check(context.Context) error   { return nil }
func (n noted) Failed() error                 { return n.failed }
func (n noted) Update(alpha)                  {}
func (n noted) Farewell(string)               {}

// alpha is a provider of that name.
type alpha struct{}

func (alpha) Name() string { return "ALPHA" }

func seated(t *testing.T) (*Seat[alpha, noted], *diary) {
	t.Helper()
	d := &diary{}
	s := New(alpha{}, func(alpha) noted { return noted{d} })
	t.Cleanup(func() { _ = s.ahead.close(context.Background()) })
	return s, d
}

func TestASessionIsMadeAnewUnderItsLease(t *testing.T) {
	s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	s.Fill(term, 3, testkit.Log(t))
	d.fail = 2 // what fails is tried again
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if active, _ := s.Active(); !active {
		t.Error("it does not serve")
	}
	end(lease.ErrGiven)
	s.Empty(testkit.Log(t))
	d.Expect(t, "started under 3", "stopped", "not started", "not started", "started under 3", "stopped")
}

func TestWithoutALeaseThereIsNothingToMakeAnew(t *testing.T) {
	s, d := seated(t)
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	term, end := context.WithCancelCause(t.Context())
	s.Fill(term, 1, testkit.Log(t))
	end(errors.New("lapsed"))
	s.Empty(testkit.Log(t))
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Expect(t, "started under 1", "abandoned")
}

// If the lease is lost while the session is made anew, that ends: no session starts, and nothing more is told.
func TestALeaseThatIsLostUnderWayEndsTheChange(t *testing.T) {
	s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	s.Fill(term, 1, testkit.Log(t))
	d.onStop = func(ctx context.Context) error {
		end(errors.New("lapsed"))
		<-ctx.Done()
		return ctx.Err()
	}
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Empty(testkit.Log(t))
	d.Expect(t, "started under 1", "stopped", "abandoned")
	if _, filled := s.served(); filled {
		t.Error("the seat is not empty")
	}
}

// A caller that gives up before the session was made anew must come again. Then the session goes on.
func TestAChangeThatDidNotSucceedCanBeTriedAgain(t *testing.T) {
	s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	defer end(nil)
	s.Fill(term, 1, testkit.Log(t))
	d.fail = 1
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Renew(ctx); err == nil {
		t.Fatal("no error")
	}
	if err := s.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Expect(t, "started under 1", "stopped", "not started", "started under 1")
}

// A session that cannot be taken leaves the seat empty while its lease goes on, so that the lease can be given back. One that has
// ended by itself says why.
func TestASeatSaysWhenItDoesNotServe(t *testing.T) {
	s, d := seated(t)
	term, end := context.WithCancelCause(t.Context())
	d.fail = takeTries
	s.Fill(term, 1, testkit.Log(t))
	if yes, failed := s.Serves(); yes || failed != nil || term.Err() != nil {
		t.Errorf("serves %t, failed: %v, lease: %v", yes, failed, term.Err())
	}
	end(lease.ErrGiven)
	s.Empty(testkit.Log(t))
	again, end := context.WithCancelCause(t.Context())
	s.Fill(again, 2, testkit.Log(t))
	if yes, failed := s.Serves(); !yes || failed != nil {
		t.Errorf("serves %t, failed: %v", yes, failed)
	}
	d.failed = errors.New("its consumer has ended")
	if _, failed := s.Serves(); !errors.Is(failed, d.failed) {
		t.Errorf("failed: %v", failed)
	}
	end(lease.ErrGiven)
	s.Empty(testkit.Log(t))
	d.Expect(t, "not started", "not started", "not started", "started under 2", "stopped")
}
