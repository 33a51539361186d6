package roster

import (
	"context"
	"sync"
	"time"
)

// Bounds of a change.
const (
	declareBound = 5 * time.Second  // for the broker to declare a queue; if it is away, the queue is declared when the connection is back
	changeBound  = 15 * time.Second // for one provider
)

// Texts that providers are told.
const (
	AnewText    = "the rules of the session have changed: log on again in a moment"
	RemovedText = "the session is no longer served here"
)

// side changes several providers concurrently. It returns the errors by provider id.
func (r *Roster[P, S]) side(ctx context.Context, providers []P, change func(context.Context, P) error) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, changeBound)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	failed := map[string]error{}
	for _, p := range providers {
		all.Go(func() {
			if err := change(ctx, p); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[p.Name()] = err
			}
		})
	}
	all.Wait()
	return failed
}

func (r *Roster[P, S]) update(p P) {
	r.seat(p.Name()).Update(p)
	r.gateway.Log.Info("provider's rules changed, its session goes on", "provider", p.Name())
}

func (r *Roster[P, S]) add(ctx context.Context, p P) {
	bounded, cancel := context.WithTimeout(ctx, declareBound)
	defer cancel()
	if err := r.gateway.Bus.Declare(bounded, r.gateway.Queue(p.Name())); err != nil {
		r.gateway.Log.Warn("queue not declared yet", "provider", p.Name(), "error", err)
	}
	r.enter(p).PrepareSoon()
	r.gateway.Log.Info("provider added", "provider", p.Name())
}

// remove ends a provider's session in good order and gives its lease back. Its queue stays, because its answers may still be
// needed.
func (r *Roster[P, S]) remove(ctx context.Context, p P) error {
	one := r.seat(p.Name())
	one.Farewell(RemovedText)
	if err := r.keeper.Give(ctx, p.Name()); err != nil {
		return err
	}
	if err := one.Close(ctx); err != nil {
		return err
	}
	r.leave(p.Name())
	r.gateway.Log.Info("provider removed", "provider", p.Name())
	return nil
}

// anew ends a provider's session in good order and begins a new one by its new rules, under the same lease.
func (r *Roster[P, S]) anew(ctx context.Context, p P) error {
	one := r.seat(p.Name())
	one.Farewell(AnewText)
	if err := one.Become(ctx, p); err != nil {
		return err
	}
	if err := one.Renew(ctx); err != nil {
		return err
	}
	r.gateway.Log.Info("provider's rules changed, its session began again", "provider", p.Name())
	return nil
}
