// Package roster is which providers a gateway serves, and what each of them has here: a seat, a lease that is wanted, a
// queue. It changes while the gateway runs, as the provider file does, and touches only what has changed.
package roster

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/reread"
	"fxcore/gateways/internal/seat"
	"fxcore/lambda/amqp"
	"fxcore/lambda/health"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
)

// Gateway is what a gateway brings with it.
type Gateway[P Provider[P], S seat.Session[P]] struct {
	NewSession func(p P) S
	Admit      func(seats []*seat.Seat[P, S]) // has the door let in the providers of these seats, and nobody else
	Queue      func(provider string) amqp.Queue
	Bus        *amqp.Bus
	Health     *health.Health
	Log        *slog.Logger
}

// Roster is the providers of one gateway. It hears which leases this instance gains and loses: it is the lease.Tenant.
type Roster[P Provider[P], S seat.Session[P]] struct {
	gateway Gateway[P, S]
	keeper  *lease.Keeper // set by Lease

	changing sync.Mutex // one set of providers at a time is put into force
	known    []P        // the set in force; changing

	mu      sync.Mutex
	entries map[string]entry[P, S]
}

type entry[P Provider[P], S seat.Session[P]] struct {
	seat  *seat.Seat[P, S]
	shown []string // names in the health
}

// Open makes the roster of the first set of providers. Lease is to be called next.
func Open[P Provider[P], S seat.Session[P]](g Gateway[P, S], providers []P) *Roster[P, S] {
	r := &Roster[P, S]{gateway: g, known: providers, entries: map[string]entry[P, S]{}}
	for _, p := range providers {
		r.enter(p)
	}
	g.Admit(r.seats())
	return r
}

// Lease has the leases of all providers kept, and their sessions reported. A session is made ready for each before that.
// g lacks but the tenant and its sessions. All of it is stopped before what was registered before it, which still carries
// the sessions' last words out.
func (r *Roster[P, S]) Lease(app *run.App, g duty.Gateway) {
	app.Add("sessions", func(context.Context) error { return r.prepare() }, r.close)
	g.Tenant, g.Sessions = r, r.sessions
	app.Health.Active(r.Active)
	r.keeper = duty.Register(app, g)
	r.keeper.Want(r.names()...)
}

// Follow keeps the roster as a provider file says, if there is one, of which the content given is in force.
func (r *Roster[P, S]) Follow(app *run.App, path, content string, parse func([]byte) ([]P, error)) {
	if path == "" {
		return
	}
	file := reread.New(path, []byte(content), parse, r.Apply, app.Log)
	app.Go("provider file", file.Run)
	app.Health.Warn("provider file", file.Check)
}

// enter gives a provider a seat. The caller wants its lease afterwards.
func (r *Roster[P, S]) enter(p P) *seat.Seat[P, S] {
	s := seat.New(p, r.gateway.NewSession)
	shown := s.Show(r.gateway.Health)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[p.Name()] = entry[P, S]{s, shown}
	return s
}

// leave takes a provider's seat away, after its lease was given.
func (r *Roster[P, S]) leave(provider string) {
	r.mu.Lock()
	left := r.entries[provider]
	delete(r.entries, provider)
	r.mu.Unlock()
	r.gateway.Health.Drop(left.shown...)
}

// seat is a provider's seat; nil if it has none.
func (r *Roster[P, S]) seat(provider string) *seat.Seat[P, S] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entries[provider].seat
}

func (r *Roster[P, S]) seats() []*seat.Seat[P, S] {
	var all []*seat.Seat[P, S]
	for _, name := range r.names() {
		if s := r.seat(name); s != nil {
			all = append(all, s)
		}
	}
	return all
}

func (r *Roster[P, S]) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.entries))
}
