// Package session serves one provider's session by socket. It takes the requests in order, numbers, stores and sends the
// answers, and serves the provider's one connection. The caller must hold the session's lease and passes its epoch.
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

// Shared has what all sessions of the gateway use.
type Shared struct {
	lifecycle.Shared

	WriteTimeout time.Duration // for a provider to read what it is sent
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
	taken     taken
	refused   refusedOn
	again     int // the last holder of the session may have taken requests with a lower number

	sending sync.Mutex // held while an answer gets its number

	mu       sync.Mutex
	visit    *visit // the one connection
	visits   int    // number of connections so far
	ended    bool   // no connection is accepted any more
	since    time.Time
	pace     door.Rate     // how fast the provider may send; Update may change it
	farewell string        // text for the provider when the session stops
	changed  chan struct{} // receives a value after a login and after the end of a connection
}

var _ front.Session = (*Session)(nil)

// New returns a provider's session. It is not opened.
func New(p provider.Provider, shared Shared) *Session {
	s := &Session{
		provider: p, shared: shared, log: shared.Log.With("provider", p.ID), since: time.Now(), pace: p.Throttle,
		dialect: dialect.New(p.ID, p.Origin(), shared.Deadline).ShowLimits(p.ShowsLimits), changed: make(chan struct{}, 1),
	}
	s.Session = lifecycle.New(lifecycle.Parts[[]byte]{
		Account: p.Account, Name: "socket:" + p.ID, Split: split, Dialect: written{s},
	}, shared.Shared)
	s.Connect(s, protocol{s})
	return s
}

// Prepare does nothing: a session by socket needs no preparation.
func (s *Session) Prepare(context.Context) error { return nil }

// Update changes the rules that may change while the session goes on, see provider.SameSession.
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

// Farewell sets the text that the provider is told when the session stops.
func (s *Session) Farewell(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.farewell = text
}

// Name returns the name by which a login asks for the session of a generation.
func Name(generation int) string { return fmt.Sprintf("S%d", generation) }
