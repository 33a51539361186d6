// Package session combines the lifecycle of one provider's FIX session with the engine, its connection to the provider. The
// caller must hold the session's lease and passes its epoch.
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

// Shared has what all sessions of the gateway use.
type Shared struct {
	lifecycle.Shared

	Dictionaries engine.Dictionaries
	Clock        func() time.Time // for schedules; nil means the machine's
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

	shared  Shared
	resumed time.Time // when Resume read the clock: the schedule is followed from then on
}

var _ front.Session = (*Session)(nil)

// New returns a provider's session. It is not opened.
func New(p provider.Provider, shared Shared) *Session {
	facts := dialect.Session{Provider: p.ID, BeginString: p.BeginString, DefaultApplVerID: p.DefaultApplVerID, ShowsLimits: p.ShowsLimits}
	speech := dialect.New(dialect.Settings{Deadline: shared.Deadline, Variation: p.Variation})
	s := &Session{shared: shared}
	s.Session = lifecycle.New(lifecycle.Parts[*quickfix.Message]{
		Account: p.Account, Name: engine.SessionID(p).String(), Split: engine.Answer, Dialect: answers.Spoken(speech, facts),
	}, shared.Shared)
	s.Engine = engine.New(p, s.Store, speech, shared.Dictionaries, s.Requests, shared.Log).By(shared.BankTime).Tell(s.Refusals)
	s.Connect(s.Engine, protocol{s})
	return s
}

// protocol is the lifecycle.Protocol of a FIX session. The engine has the methods that are not here.
type protocol struct{ *Session }

var _ lifecycle.Protocol = protocol{}

// Resume reads which orders are pending, and begins the numbers at 1 if the schedule asks for it.
func (p protocol) Resume(ctx context.Context) error {
	if err := p.Recall(ctx); err != nil {
		return err
	}
	p.resumed = p.shared.now()
	return p.renew(p.resumed)
}

// Loops returns the loop that opens and closes the session by its schedule.
func (p protocol) Loops() []lifecycle.Loop {
	return []lifecycle.Loop{{Name: "hours", Run: p.keepHours}}
}

// Finish logs the provider out and waits for the broker to confirm the requests that were taken. The provider gets no pending
// answer for a request that is confirmed now: the next holder sends it, when the provider sends the request again or before the final
// answer.
func (p protocol) Finish(ctx context.Context) error {
	err := p.Engine.Close(ctx)
	p.Drain(ctx)
	return err
}

// Cut does nothing: the front sends only messages that are stored.
func (p protocol) Cut() {}
