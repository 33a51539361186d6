package duty

import (
	"context"
	"errors"
	"sync"
	"time"

	"fxcore/lambda/lease"
	"fxcore/services/contract"
)

// Tenant is the gateway's own tenant, the roster. Gained returns without serving the session if it cannot be served.
type Tenant interface {
	lease.Tenant

	// Serves reports whether this instance serves a provider's session now. failed says why the session has ended by itself, and will
	// not be served again under this lease; nil if it has not.
	Serves(provider string) (yes bool, failed error)
}

// tenant wraps the roster. It publishes an event when the roster has taken or left a session.
type tenant struct {
	Tenant
	facts    *facts
	news     func()
	unserved func(provider string) // is called for a session that was not taken although the lease goes on

	mu    sync.Mutex
	terms map[string]term
}

// term is the time for which this instance has a lease.
type term struct {
	ctx   context.Context //nolint:containedctx // ends with the lease, with the reason as its cause
	epoch int64
	taken bool
}

// Gained takes the session and then publishes that it is taken, unless the lease has ended meanwhile or the session cannot be served.
func (t *tenant) Gained(ctx context.Context, provider string, epoch int64) {
	t.Tenant.Gained(ctx, provider, epoch)
	now := time.Now().UTC()
	served, _ := t.Serves(provider)
	taken := served && ctx.Err() == nil
	t.mu.Lock()
	t.terms[provider] = term{ctx, epoch, taken}
	t.mu.Unlock()
	switch {
	case taken:
		t.facts.fact(contract.SessionTaken, changed{Provider: provider, Epoch: epoch, At: now})
		t.news()
	case ctx.Err() == nil:
		t.unserved(provider)
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
