// Package roster is which providers a gateway serves, and what each of them has here: a seat, a lease that is wanted, a
// queue. It changes while the gateway runs, as the provider file does, and touches only what has changed.
package roster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/reread"
	"fxcore/gateways/internal/seat"
	"fxcore/lambda/amqp"
	"fxcore/lambda/health"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

// Seat is a provider's place here, whose rules may change.
type Seat[P any] interface {
	seat.Place
	// Update changes what is looked at by the door, and while the session goes on.
	Update(p P)
	// Become changes the provider's rules: those of a session that is made from now on.
	Become(ctx context.Context, p P) error
	// Renew ends the session and begins it again, under its lease.
	Renew(ctx context.Context) error
	// Farewell says what the provider is told when its session stops, if it is served here.
	Farewell(text string)
	// Prepare makes ready what a session needs, in a moment. Close is its inverse: the lease may not be gained any more.
	Prepare()
	Close(ctx context.Context) error
}

// Gateway is what a gateway brings with it.
type Gateway[P Provider[P], S Seat[P]] struct {
	NewSeat func(p P) S
	Admit   func(seats []S) // has the door let in those who have these seats, and nobody else
	Queue   func(provider string) amqp.Queue
	Bus     *amqp.Bus
	Health  *health.Health
	Log     *slog.Logger
}

// Roster is the providers of one gateway.
type Roster[P Provider[P], S Seat[P]] struct {
	gateway Gateway[P, S]
	seats   *seat.Seats
	keeper  *lease.Keeper // from the start on

	mu    sync.Mutex
	known []P
	each  map[string]entry[S]
}

type entry[S any] struct {
	seat  S
	shown []string // names in the health
}

// Open makes the roster of the first set of providers. Hold is to be called next.
func Open[P Provider[P], S Seat[P]](g Gateway[P, S], providers []P) *Roster[P, S] {
	r := &Roster[P, S]{gateway: g, seats: seat.NewSeats([]S{}, g.Log), known: providers, each: map[string]entry[S]{}}
	for _, p := range providers {
		r.seat(p)
	}
	r.admit()
	return r
}

// Hold wants the leases of all providers, and reports them.
func (r *Roster[P, S]) Hold(app *run.App, g duty.Gateway) { r.keeper = seat.Hold(app, g, r.seats) }

// Follow keeps the roster as a provider file says, if there is one, of which the content given is in force.
func (r *Roster[P, S]) Follow(app *run.App, path, content string, parse func([]byte) ([]P, error)) {
	if path == "" {
		return
	}
	file := reread.New(path, []byte(content), parse, r.Apply, app.Log)
	app.Go("provider file", file.Run)
	app.Health.Warn("provider file", file.Check)
}

// Seats are all there are.
func (r *Roster[P, S]) Seats() []S {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list()
}

func (r *Roster[P, S]) list() []S {
	all := make([]S, 0, len(r.each))
	for _, e := range r.each {
		all = append(all, e.seat)
	}
	return all
}

// seat gives a provider a seat. The caller wants its lease afterwards.
func (r *Roster[P, S]) seat(p P) {
	s := r.gateway.NewSeat(p)
	r.each[p.Name()] = entry[S]{s, seat.Show(r.gateway.Health, s)}
	r.seats.Put(s)
}

// admit tells the door who may come in.
func (r *Roster[P, S]) admit() { r.gateway.Admit(r.list()) }

// Apply puts another set of providers into force. What fails is tried again by the next call with the same set; the rest
// is done.
func (r *Roster[P, S]) Apply(ctx context.Context, providers []P) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := Compare(r.known, providers)
	for _, p := range d.Update {
		r.each[p.Name()].seat.Update(p)
		r.gateway.Log.Info("provider's rules changed, its session goes on", "provider", p.Name())
	}
	for _, p := range d.Added {
		r.add(ctx, p)
	}
	failed := r.side(ctx, d.Removed, r.remove)
	for _, p := range d.Removed {
		if failed[p.Name()] == nil {
			r.gateway.Health.Drop(r.each[p.Name()].shown...)
			delete(r.each, p.Name())
		}
	}
	for id, err := range r.side(ctx, d.Anew, r.anew) {
		failed[id] = err
	}
	r.known = inForce(r.known, providers, failed)
	r.admit()
	r.keeper.Want(r.seats.Names()...)
	var faults []error
	for _, p := range r.known {
		if err := failed[p.Name()]; err != nil {
			faults = append(faults, fmt.Errorf("provider %s: %w", p.Name(), err))
		}
	}
	return errors.Join(faults...)
}

// inForce is the new set, with those as they were whose change failed.
func inForce[P Provider[P]](before, after []P, failed map[string]error) []P {
	var now []P
	for _, p := range after {
		if failed[p.Name()] == nil {
			now = append(now, p)
		}
	}
	for _, p := range before {
		if failed[p.Name()] != nil {
			now = append(now, p)
		}
	}
	return now
}
