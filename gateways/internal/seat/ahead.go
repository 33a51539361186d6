package seat

import (
	"context"
	"sync"
	"time"
)

// ahead makes a provider's next session before the lease is gained. Making one may take long, and a takeover would wait for
// it. A session made ahead has no state: it reads the store when it is opened under the lease, and gets no connection before.
// There is never more than one session of a provider: the next is made after the last one has ended.
type ahead[S any] struct {
	create  func() S
	prepare func(ctx context.Context, made S) error
	discard func(ctx context.Context, made S) error
	making  sync.WaitGroup
	ending  chan struct{} // closed when no session is to be made any more

	mu     sync.Mutex // held while a session is being made
	ready  *S         // the session made ahead; nil if there is none
	used   bool       // a session was taken and has not ended
	closed bool
}

const (
	prepareBound = 5 * time.Second        // for preparing a session
	rest         = 500 * time.Millisecond // after a session has ended here: the next holder may need the processor now
)

// make makes a session, unless one is ready or in use. If that fails, none is ready, and take makes one unprepared.
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

// begin runs making in the background, unless the seat is closed. The caller holds mu.
func (a *ahead[S]) begin(making func()) {
	if !a.closed {
		a.making.Go(making)
	}
}

// take returns the session that is ready, or a new one that is not prepared.
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

// giveBack returns a session that could not be opened. The next take returns it again.
func (a *ahead[S]) giveBack(s S) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready, a.used = &s, false
}

// ended notes that the session that was taken has ended. It makes the next one a little later, which is early enough: this
// instance does not get the lease back at once.
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

// renew discards the session that is ready and makes another one by the provider's new rules.
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

// close discards the session that is ready. No session is made ahead after that.
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
