// Package answers words the answers to a FIX provider in its dialect.
package answers

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
)

// Dialect turns events into messages.
type Dialect interface {
	FromEvent(s dialect.Session, e event.Event) (*quickfix.Message, error)
	Pending(s dialect.Session, e event.Event) (*quickfix.Message, bool)
}

// Spoken is a dialect as the teller of one session uses it.
func Spoken(d Dialect, session dialect.Session) answers.Dialect[*quickfix.Message] {
	return spoken{d, session}
}

type spoken struct {
	dialect Dialect
	session dialect.Session
}

// FromEvent is the final answer that an event brings.
func (s spoken) FromEvent(e event.Event) (*quickfix.Message, error) {
	return s.dialect.FromEvent(s.session, e)
}

// Pending is the answer to a request that is safe and not decided.
func (s spoken) Pending(e event.Event) (*quickfix.Message, bool) {
	return s.dialect.Pending(s.session, e)
}

// Again is the answer byte for byte.
func (s spoken) Again(given store.Answer, _ event.Event) (*quickfix.Message, error) {
	return rebuilt(given), nil
}

// Known says nothing: the numbers of FIX tell the provider that its request was received.
func (s spoken) Known(store.Answer, *ingest.Request) (*quickfix.Message, bool) { return nil, false }
