package main

import (
	"context"
	"sync"
	"time"

	"fxcore/gateways/fix/internal/messages"
	"fxcore/gateways/fix/internal/provider"
)

// Bounds of a change.
const (
	declareBound = 5 * time.Second  // for the broker; if it is away, whoever connects next declares the queue
	changeBound  = 15 * time.Second // for one provider
)

// What providers are told.
const (
	anewText    = "the rules of the session have changed: log on again in a moment"
	removedText = "the session is no longer served here"
)

// side changes several providers side by side, and returns what failed.
func (r *roster) side(ctx context.Context, providers []provider.Provider, change func(context.Context, provider.Provider) error) map[string]error {
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
				failed[p.ID] = err
			}
		})
	}
	all.Wait()
	return failed
}

func (r *roster) add(ctx context.Context, p provider.Provider) {
	bounded, cancel := context.WithTimeout(ctx, declareBound)
	defer cancel()
	if err := r.bus.Declare(bounded, messages.QueueOf(p.ID)); err != nil {
		r.log.Warn("queue not declared yet", "provider", p.ID, "error", err)
	}
	r.admit(p)
	r.each[p.ID].seat.Prepare()
	r.log.Info("provider added", "provider", p.ID)
}

// remove ends a provider's session in good order and gives its lease up. Its queue stays: what is in it may still matter.
func (r *roster) remove(ctx context.Context, p provider.Provider) error {
	r.each[p.ID].seat.Farewell(removedText)
	if err := r.keeper.Give(ctx, p.ID); err != nil {
		return err
	}
	if err := r.each[p.ID].seat.Close(ctx); err != nil {
		return err
	}
	r.seats.Remove(p.ID)
	r.log.Info("provider removed", "provider", p.ID)
	return nil
}

// anew ends a provider's session in good order and begins it again by its new rules, under the same lease.
func (r *roster) anew(ctx context.Context, p provider.Provider) error {
	one := r.each[p.ID].seat
	one.Farewell(anewText)
	if err := one.Become(ctx, p); err != nil {
		return err
	}
	if err := one.Renew(ctx); err != nil {
		return err
	}
	r.log.Info("provider's rules changed, its session began again", "provider", p.ID)
	return nil
}
