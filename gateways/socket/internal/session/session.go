// Package session is one provider's session by socket: it numbers, keeps and tells the answers, takes the requests in
// order, and serves the one connection that the provider has. Who starts it must hold the session, by its epoch.
package session

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/lifecycle"
	"fxcore/gateways/socket/internal/dialect"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/provider"
)

// Shared is what all sessions of the gateway share.
type Shared struct {
	lifecycle.Shared

	WriteTimeout time.Duration // for a provider to take what it is sent
}

// Session is one provider's session.
type Session struct {
	*lifecycle.Session[[]byte]

	provider  provider.Provider
	shared    Shared
	log       *slog.Logger
	dialect   *dialect.Dialect
	recent    recent
	undecided undecided
	untold    untold
	taken     taken
	again     int // requests with a lower number may have come before: to the last holder of the session

	sending sync.Mutex // of what gets a number

	mu       sync.Mutex
	visit    *visit // the one connection
	visits   int    // how many there were
	ended    bool   // no connection any more
	since    time.Time
	pace     door.Rate     // of what the provider may send; it may change under way
	farewell string        // what the provider is told when the session stops
	changed  chan struct{} // has something in it after a login, or the end of a connection
}

var _ front.Session = (*Session)(nil)

// New returns a provider's session, which is not opened.
func New(p provider.Provider, shared Shared) *Session {
	s := &Session{
		provider: p, shared: shared, log: shared.Log.With("provider", p.ID), since: time.Now(), pace: p.Throttle,
		dialect: dialect.New(p.ID, p.Origin(), shared.Deadline), changed: make(chan struct{}, 1),
	}
	s.Session = lifecycle.New(lifecycle.Parts[[]byte]{
		Account: p.Account, Name: "socket:" + p.ID, Split: split, Dialect: written{s},
	}, shared.Shared)
	s.Connect(s, protocol{s})
	return s
}

// Prepare has nothing to do: a session is made in no time.
func (s *Session) Prepare(context.Context) error { return nil }

// Update changes what is looked at while the session goes on, see provider.SameSession.
func (s *Session) Update(p provider.Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace = p.Throttle
}

func (s *Session) rate() door.Rate {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace
}

// Farewell says what the provider is told when the session stops.
func (s *Session) Farewell(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.farewell = text
}

// Name is the session of a generation as a login names it.
func Name(generation int) string { return fmt.Sprintf("S%d", generation) }
