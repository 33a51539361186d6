package duty

import (
	"context"
	"errors"
	"sync"
	"time"

	"fxcore/lambda/lease"
	"fxcore/services/contract"
)

// tenant reports when the gateway's own tenant, the roster, takes and leaves a session. It decides nothing.
type tenant struct {
	lease.Tenant
	facts *facts
	news  func()

	mu    sync.Mutex
	terms map[string]term
}

// term is a session's time here.
type term struct {
	ctx   context.Context //nolint:containedctx // the lease: it says why it ended
	epoch int64
	taken bool
}

// Gained tells that the session is taken once it is, unless its lease has ended meanwhile.
func (t *tenant) Gained(ctx context.Context, provider string, epoch int64) {
	t.Tenant.Gained(ctx, provider, epoch)
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

// Lost tells that the session was left, if it was taken.
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

// cause is a word for why a lease ended.
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
