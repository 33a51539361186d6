// Package answers adapts a FIX dialect to the teller of answers.
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
	Clash(s dialect.Session, e event.Event, standing dialect.Standing) (*quickfix.Message, error)
	Pending(s dialect.Session, e event.Event) (*quickfix.Message, bool)
}

// Spoken returns a dialect in the form that the teller of one session uses.
func Spoken(d Dialect, session dialect.Session) answers.Dialect[*quickfix.Message] {
	return spoken{d, session}
}

type spoken struct {
	dialect Dialect
	session dialect.Session
}

// FromEvent returns the final answer for an event.
func (s spoken) FromEvent(e event.Event) (*quickfix.Message, error) {
	return s.dialect.FromEvent(s.session, e)
}

// Pending returns the answer that says that a request is pending.
func (s spoken) Pending(e event.Event) (*quickfix.Message, bool) {
	return s.dialect.Pending(s.session, e)
}

// Again returns the stored answer, with the same body byte for byte.
func (s spoken) Again(given store.Answer, _ event.Event) (*quickfix.Message, error) {
	return rebuilt(given), nil
}

// Clash returns the rejection of a request whose reference was used before for another one.
func (s spoken) Clash(e event.Event, standing *store.Answer) (*quickfix.Message, error) {
	var is dialect.Standing
	if standing != nil {
		is = dialect.Standing{MsgType: standing.Kind, Body: standing.Body}
	}
	return s.dialect.Clash(s.session, e, is)
}

// Known returns no answer: FIX's own numbers tell the provider that its request was received.
func (s spoken) Known(store.Answer, *ingest.Request) (*quickfix.Message, bool) { return nil, false }
