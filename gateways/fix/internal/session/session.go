// Package session is one provider's FIX session: its lifecycle, and the engine that is its connection to the provider.
// Who starts it must hold the session, by its epoch.
package session

import (
	"context"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/answers"
	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/internal/lifecycle"
)

// Shared is what all sessions of the gateway share.
type Shared struct {
	lifecycle.Shared

	Dictionaries engine.Dictionaries
	Clock        func() time.Time // for schedules; nil: the machine's
}

func (s Shared) now() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now()
}

// Session is one provider's session.
type Session struct {
	*lifecycle.Session[*quickfix.Message]
	*engine.Engine

	shared Shared
}

var _ front.Session = (*Session)(nil)

// New returns a provider's session, which is not opened.
func New(p provider.Provider, shared Shared) *Session {
	facts := dialect.Session{Provider: p.ID, BeginString: p.BeginString, DefaultApplVerID: p.DefaultApplVerID}
	speech := dialect.New(dialect.Settings{Deadline: shared.Deadline, Variation: p.Variation})
	s := &Session{shared: shared}
	s.Session = lifecycle.New(lifecycle.Parts[*quickfix.Message]{
		Account: p.Account, Name: engine.SessionID(p).String(), Split: engine.Answer, Dialect: answers.Spoken(speech, facts),
	}, shared.Shared)
	s.Engine = engine.New(p, s.Store, speech, shared.Dictionaries, s.Requests, shared.Log)
	s.Connect(s.Engine, protocol{s})
	return s
}

// protocol is what a session does in the way of FIX. The engine knows the rest.
type protocol struct{ *Session }

var _ lifecycle.Protocol = protocol{}

// Resume begins the numbers at 1 where the schedule says so.
func (p protocol) Resume(context.Context) error { return p.renew(p.shared.now()) }

// Loops are the one that opens and closes the session by its schedule.
func (p protocol) Loops() []lifecycle.Loop {
	return []lifecycle.Loop{{Name: "hours", Run: p.keepHours}}
}

// Finish logs the provider out, and waits for the broker to have what was taken. What it confirms now is told to the
// provider by the next holder, when the provider sends it again.
func (p protocol) Finish(ctx context.Context) error {
	err := p.Engine.Close(ctx)
	p.Drain(ctx)
	return err
}

// Cut has nothing to do: the front lets nothing out that is not stored.
func (p protocol) Cut() {}
