// Package answers tells a FIX provider what became of its requests, in its dialect.
package answers

import (
	"log/slog"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
)

// Teller tells one provider its answers.
type Teller = answers.Teller[*quickfix.Message]

// Dialect turns events into messages.
type Dialect interface {
	FromEvent(s dialect.Session, e event.Event) (*quickfix.Message, error)
	Pending(s dialect.Session, e event.Event) (*quickfix.Message, bool)
}

// New returns the teller for a session; engine, store and queue are for the caller to set.
func New(session dialect.Session, d Dialect, log *slog.Logger) *Teller {
	t := answers.New[*quickfix.Message](session.Provider, log)
	t.Dialect = spoken{d, session}
	return t
}

// spoken is a dialect in one session.
type spoken struct {
	dialect Dialect
	session dialect.Session
}

func (s spoken) FromEvent(e event.Event) (*quickfix.Message, error) {
	return s.dialect.FromEvent(s.session, e)
}

func (s spoken) Pending(e event.Event) (*quickfix.Message, bool) {
	return s.dialect.Pending(s.session, e)
}

// Again is the answer byte for byte.
func (s spoken) Again(given store.Answer, _ event.Event) (*quickfix.Message, error) {
	return rebuilt(given), nil
}

// Known says nothing: the numbers of FIX tell the provider that its request was received.
func (s spoken) Known(store.Answer, *ingest.Request) (*quickfix.Message, bool) { return nil, false }
