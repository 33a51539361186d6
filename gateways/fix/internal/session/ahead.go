package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"fxcore/gateways/fix/internal/provider"
)

// ahead makes a provider's sessions before they are wanted. A new engine reads dictionaries, and then sleeps until the
// clock's next full second (quickfixgo v0.9.10, session.run): a takeover would be that much longer. Nothing is decided ahead:
// an engine asks its store for every number, the store is opened with the lease's epoch and not before, and until then no
// connection is led there.
type ahead struct {
	create func() *Session
	making sync.WaitGroup
	ending chan struct{} // closed when nothing is to be made any more

	mu     sync.Mutex // held while one is being made
	ready  *Session   // nil: to be made when it is asked for
	closed bool
}

const (
	aheadBound = 5 * time.Second        // for an engine to begin listening
	rest       = 500 * time.Millisecond // after a session has ended here, while whoever has it now wants the processor
)

func newAhead() *ahead { return &ahead{ending: make(chan struct{})} }

// make has a session ready, unless there is one. A failure shows when the session is asked for.
func (a *ahead) make() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready != nil || a.closed {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), aheadBound)
	defer cancel()
	if made := a.create(); made.Engine.Start(ctx) == nil {
		a.ready = made
	}
}

// makeSoon has one ready in a moment.
func (a *ahead) makeSoon() { a.making.Go(a.make) }

// makeLater has one ready for the next time: nobody takes the session over sooner than a lease lasts.
func (a *ahead) makeLater() { a.making.Go(a.restAndMake) }

func (a *ahead) restAndMake() {
	select {
	case <-a.ending:
	case <-time.After(rest):
		a.make()
	}
}

// take hands out the session that is ready, or one whose engine is still to be started.
func (a *ahead) take() *Session {
	a.mu.Lock()
	defer a.mu.Unlock()
	taken := a.ready
	if a.ready = nil; taken == nil {
		taken = a.create()
	}
	return taken
}

// giveBack is for one that was taken and could not be opened.
func (a *ahead) giveBack(s *Session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready = s
}

// again ends what is ready and makes it anew: the provider has other rules now.
func (a *ahead) again(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready == nil {
		return nil
	}
	err := a.ready.Engine.Stop(ctx)
	a.ready = nil
	a.makeSoon()
	return err
}

// update tells what is ready of rules that it can change without an end.
func (a *ahead) update(p provider.Provider) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready != nil {
		a.ready.Update(p)
	}
}

// close ends what is ready. Nothing is made ahead any more.
func (a *ahead) close(ctx context.Context) error {
	a.end()
	a.making.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready == nil {
		return nil
	}
	ended := a.ready.Engine.Stop(ctx)
	a.ready = nil
	return ended
}

func (a *ahead) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		close(a.ending)
	}
}

// Prepare makes a session ready at each seat, all at once. Close is its inverse: no lease may be gained or lost any more.
func Prepare(seats []*Seat) error {
	return each(seats, func(s *Seat) error { s.ahead.make(); return nil })
}

// Close ends what is ready at the seats.
func Close(ctx context.Context, seats []*Seat) error {
	return each(seats, func(s *Seat) error { return s.ahead.close(ctx) })
}

func each(seats []*Seat, do func(*Seat) error) error {
	errs := make([]error, len(seats))
	var all sync.WaitGroup
	for i, s := range seats {
		all.Go(func() { errs[i] = do(s) })
	}
	all.Wait()
	return errors.Join(errs...)
}
