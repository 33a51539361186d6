// Package roster lists the providers that a gateway serves. Each has a seat here, a queue, and a lease that the instance wants.
// The roster follows the provider file while the gateway runs, and changes only the providers whose entries have changed.
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

// Gateway is what the roster needs from a gateway.
type Gateway[P Provider[P], S seat.Session[P]] struct {
	NewSession func(p P) S
	Admit      func(seats []*seat.Seat[P, S]) // makes the door admit the providers of these seats, and no others
	Queue      func(provider string) amqp.Queue
	Bus        *amqp.Bus
	Health     *health.Health
	Log        *slog.Logger
}

// Roster has the providers of one gateway. It is the lease.Tenant: the keeper tells it which leases the instance gains and
// loses.
type Roster[P Provider[P], S seat.Session[P]] struct {
	gateway Gateway[P, S]
	keeper  *lease.Keeper // set by Lease

	changing sync.Mutex // held by Apply
	known    []P        // the set in force; guarded by changing

	mu      sync.Mutex
	entries map[string]entry[P, S]
}

type entry[P Provider[P], S seat.Session[P]] struct {
	seat  *seat.Seat[P, S]
	shown []string // names in the health
}

// Open returns the roster of the first set of providers. Call Lease next.
func Open[P Provider[P], S seat.Session[P]](g Gateway[P, S], providers []P) *Roster[P, S] {
	r := &Roster[P, S]{gateway: g, known: providers, entries: map[string]entry[P, S]{}}
	for _, p := range providers {
		r.enter(p)
	}
	g.Admit(r.seats())
	return r
}

// Lease registers with the app: sessions made ahead, the keeper of the providers' leases, and the reports about the sessions.
// Lease sets Tenant and Sessions of g; the caller sets the other fields. The app stops these parts before the parts that
// were registered earlier, so that ending sessions can still send their last messages.
func (r *Roster[P, S]) Lease(app *run.App, g duty.Gateway) {
	app.Add("sessions", func(context.Context) error { return r.prepare() }, r.close)
	g.Tenant, g.Sessions = r, r.sessions
	app.Health.Active(r.Active)
	r.keeper = duty.Register(app, g)
	r.keeper.Want(r.names()...)
}

// Follow applies each change of the provider file at path. content is the file's content that is in force. Without a path it
// does nothing.
func (r *Roster[P, S]) Follow(app *run.App, path, content string, parse func([]byte) ([]P, error)) {
	if path == "" {
		return
	}
	file := reread.New(path, []byte(content), parse, r.Apply, app.Log)
	app.Go("provider file", file.Run)
	app.Health.Warn("provider file", file.Check)
}

// enter gives a provider a seat. The caller then tells the keeper that the lease is wanted.
func (r *Roster[P, S]) enter(p P) *seat.Seat[P, S] {
	s := seat.New(p, r.gateway.NewSession)
	shown := s.Show(r.gateway.Health)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[p.Name()] = entry[P, S]{s, shown}
	return s
}

// leave removes a provider's seat, after its lease was given back.
func (r *Roster[P, S]) leave(provider string) {
	r.mu.Lock()
	left := r.entries[provider]
	delete(r.entries, provider)
	r.mu.Unlock()
	r.gateway.Health.Drop(left.shown...)
}

// seat returns a provider's seat, or nil.
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
