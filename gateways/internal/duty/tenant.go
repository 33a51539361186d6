package duty

import (
	"context"
	"errors"
	"sync"
	"time"

	"fxcore/lambda/lease"
	"fxcore/services/contract"
)

// tenant wraps the gateway's own tenant, the roster. It publishes an event when the roster has taken or left a session.
type tenant struct {
	lease.Tenant
	facts *facts
	news  func()
	rest  func(provider string) // gives a lease away for a while

	mu    sync.Mutex
	terms map[string]term
}

// term is the time for which this instance has a lease.
type term struct {
	ctx   context.Context //nolint:containedctx // ends with the lease, with the reason as its cause
	epoch int64
	taken bool
}

// takeBound is how long the roster may take for a session. After that the lease goes to another instance: it must not be held by
// one that serves nobody, for example because the engine of the tenure before does not end.
const takeBound = 30 * time.Second

// restLength is for how long this instance then leaves the lease alone: long enough for another one to take it.
const restLength = 15 * time.Second

// Gained takes the session and then publishes that it is taken, unless the lease has ended meanwhile.
func (t *tenant) Gained(ctx context.Context, provider string, epoch int64) {
	late := time.AfterFunc(takeBound, func() { t.rest(provider) })
	t.Tenant.Gained(ctx, provider, epoch)
	late.Stop()
	now := time.Now().UTC()
	taken := ctx.Err() == nil
	t.mu.Lock()
	t.terms[provider] = term{ctx, epoch, taken}
	t.mu.Unlock()
	if taken {
		t.facts.fact(contract.SessionTaken, changed{Provider: provider, Epoch: epoch, At: now})
		t.news()
	}
}

// Lost leaves the session and then publishes that it was left, if it had been taken.
func (t *tenant) Lost(provider string) {
	began := time.Now().UTC()
	t.Tenant.Lost(provider)
	t.mu.Lock()
	was := t.terms[provider]
	delete(t.terms, provider)
	t.mu.Unlock()
	if was.taken {
		t.facts.fact(contract.SessionLeft, changed{
			Provider: provider, Epoch: was.epoch, At: began, EndedAt: time.Now().UTC(), Cause: cause(context.Cause(was.ctx)),
		})
		t.news()
	}
}

// cause returns the word of session.left for why a lease ended.
func cause(err error) string {
	switch {
	case errors.Is(err, lease.ErrGiven):
		return "given"
	case errors.Is(err, lease.ErrLapsed):
		return "lapsed"
	case errors.Is(err, lease.ErrRefused):
		return "refused"
	}
	return "ended"
}
