package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/session"
	"fxcore/gateways/internal/seat"
	"fxcore/lambda/amqp"
	"fxcore/lambda/health"
	"fxcore/lambda/lease"
)

// roster is which providers there are, and what each of them has here: a seat, a lease that is wanted, a queue. It changes
// while the gateway runs, and touches only what has changed.
type roster struct {
	shared session.Shared
	bus    *amqp.Bus
	door   *front.Front
	health *health.Health
	log    *slog.Logger
	seats  *seat.Seats
	keeper *lease.Keeper // from the start on

	mu    sync.Mutex
	known []provider.Provider
	each  map[string]entry
}

type entry struct {
	seat  *session.Seat
	shown []string // names in the health
}

// open fills in the seats of the first set of providers; the caller adds the keeper of their leases.
func (r *roster) open(providers []provider.Provider) *roster {
	r.each = map[string]entry{}
	r.seats = seat.NewSeats([]*session.Seat{}, r.log)
	for _, p := range providers {
		r.admit(p)
	}
	r.known = providers
	r.reseat()
	return r
}

// admit gives a provider a seat. The caller wants its lease afterwards.
func (r *roster) admit(p provider.Provider) {
	s := session.NewSeat(p, r.shared)
	r.each[p.ID] = entry{s, seat.Show(r.health, s)}
	r.seats.Put(s)
}

// prepare has engines ready ahead. close is its inverse: no lease may be gained or lost any more.
func (r *roster) prepare(context.Context) error {
	return session.Prepare(r.all())
}

func (r *roster) close(ctx context.Context) error { return session.Close(ctx, r.all()) }

func (r *roster) all() []*session.Seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	seats := make([]*session.Seat, 0, len(r.each))
	for _, e := range r.each {
		seats = append(seats, e.seat)
	}
	return seats
}

// Apply puts another set of providers into force. What fails is tried again by the next call with the same set; the rest
// is done.
func (r *roster) Apply(ctx context.Context, providers []provider.Provider) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := provider.Compare(r.known, providers)
	for _, p := range d.Update {
		r.each[p.ID].seat.Update(p)
		r.log.Info("provider's rules changed, its session goes on", "provider", p.ID)
	}
	for _, p := range d.Added {
		r.add(ctx, p)
	}
	failed := r.side(ctx, d.Removed, r.remove)
	for _, p := range d.Removed {
		if failed[p.ID] == nil {
			r.health.Drop(r.each[p.ID].shown...)
			delete(r.each, p.ID)
		}
	}
	for id, err := range r.side(ctx, d.Anew, r.anew) {
		failed[id] = err
	}
	r.known = inForce(r.known, providers, failed)
	r.reseat()
	r.keeper.Want(r.seats.Names()...)
	var faults []error
	for _, p := range r.known {
		if err := failed[p.ID]; err != nil {
			faults = append(faults, fmt.Errorf("provider %s: %w", p.ID, err))
		}
	}
	return errors.Join(faults...)
}

// inForce is the new set, with those as they were whose change failed.
func inForce(before, after []provider.Provider, failed map[string]error) []provider.Provider {
	var now []provider.Provider
	for _, p := range after {
		if failed[p.ID] == nil {
			now = append(now, p)
		}
	}
	for _, p := range before {
		if failed[p.ID] != nil {
			now = append(now, p)
		}
	}
	return now
}

// reseat tells the door who may come in.
func (r *roster) reseat() {
	behind := make([]front.Seat, 0, len(r.each))
	for _, e := range r.each {
		behind = append(behind, e.seat)
	}
	r.door.Seat(behind)
}
