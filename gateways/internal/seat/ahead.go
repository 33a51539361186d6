package seat

import (
	"context"
	"sync"
	"time"
)

// ahead makes a provider's next session before it is wanted: to make one may take long, and a takeover would be that much
// longer. Nothing is decided ahead: a session reads its store when it is opened under the lease, and until then no
// connection is led there. The seat says when there is room for one: two sessions of a provider are never made at once.
type ahead[S any] struct {
	create  func() S
	prepare func(ctx context.Context, made S) error
	discard func(ctx context.Context, made S) error
	making  sync.WaitGroup
	ending  chan struct{} // closed when nothing is to be made any more

	mu     sync.Mutex // held while a session is being made
	ready  *S         // nil: to be made when it is asked for
	used   bool       // the session that was handed out has not ended
	closed bool
}

const (
	prepareBound = 5 * time.Second        // for a session to be made ready
	rest         = 500 * time.Millisecond // after a session has ended here, while the next holder wants the processor
)

// make makes a session, unless one is ready or in use. A failure shows when the session is asked for.
func (a *ahead[S]) make() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready != nil || a.used || a.closed {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), prepareBound)
	defer cancel()
	made := a.create()
	if a.prepare(ctx, made) == nil {
		a.ready = &made
	}
}

// makeSoon makes a session in the background.
func (a *ahead[S]) makeSoon() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begin(a.make)
}

// begin has a session made in the background, unless all that is over. The caller holds mu.
func (a *ahead[S]) begin(making func()) {
	if !a.closed {
		a.making.Go(making)
	}
}

// take hands out the session that is ready, or a new one that is not prepared.
func (a *ahead[S]) take() S {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used = true
	if a.ready == nil {
		return a.create()
	}
	taken := *a.ready
	a.ready = nil
	return taken
}

// giveBack takes a session back that could not be opened. It is as it was.
func (a *ahead[S]) giveBack(s S) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready, a.used = &s, false
}

// ended notes that the session that was handed out has ended, and makes the next one a little later: nobody takes the
// session over sooner than a lease lasts.
func (a *ahead[S]) ended() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used = false
	a.begin(a.restAndMake)
}

func (a *ahead[S]) restAndMake() {
	select {
	case <-a.ending:
	case <-time.After(rest):
		a.make()
	}
}

// renew discards the session that is ready and makes another one: the provider has other rules now.
func (a *ahead[S]) renew(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready == nil {
		return nil
	}
	old := *a.ready
	a.ready = nil
	a.begin(a.make)
	return a.discard(ctx, old)
}

// each calls do with the session that is ready, if there is one.
func (a *ahead[S]) each(do func(S)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready != nil {
		do(*a.ready)
	}
}

// close discards the session that is ready. Nothing is made ahead any more.
func (a *ahead[S]) close(ctx context.Context) error {
	a.end()
	a.making.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ready == nil {
		return nil
	}
	old := *a.ready
	a.ready = nil
	return a.discard(ctx, old)
}

func (a *ahead[S]) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		close(a.ending)
	}
}
