// Package dialect turns a provider's messages into the events that begin a story, and the events that end one into its
// answers. It decides nothing about the business. Both directions are pure: the same message gives the same event, the
// same event the same answer.
package dialect

import (
	"fmt"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
)

// Echo is what an answer repeats of the request, opaque to the core.
type Echo struct {
	Form     string `json:"form"`     // type of the message: T, P, C
	Sequence uint64 `json:"sequence"` // its number
}

// Trade is a request to trade, or one that was done elsewhere.
type Trade = story.Trade[Echo]

// Check is a line check.
type Check = story.Check[Echo]

// TradeRequested is the data of trade.requested.
type TradeRequested = story.TradeRequested[Echo]

// CheckRequested is the data of linecheck.requested.
type CheckRequested = story.CheckRequested[Echo]

// maxAhead is how far a provider's clock may be ahead of ours.
const maxAhead = 2 * time.Minute

// Dialect translates for one provider. It has no state and is safe for concurrent use.
type Dialect struct {
	provider, origin string
	deadline         time.Duration
	rollover         fxdate.Rollover
}

// New returns the dialect of a provider, whose events end in the word origin. deadline is from a request's transacted_at to
// the end of its validity.
func New(provider, origin string, deadline time.Duration) *Dialect {
	return &Dialect{provider: provider, origin: origin, deadline: deadline, rollover: fxdate.NewRollover()}
}

// TradeDate returns the FX trade date of an instant, as YYYY-MM-DD.
func (d *Dialect) TradeDate(at time.Time) string { return d.rollover.TradeDate(at).String() }

// Entry gives an event its ID: the same for the same content.
type Entry func(correlation, digest string) string

// ToEvent turns a request that came at now into the event that enters the core. It fails with a *message.Fault.
func (d *Dialect) ToEvent(m message.Request, entry Entry, now time.Time) (event.Event, error) {
	switch r := m.(type) {
	case *message.TradeRequest:
		return d.tradeRequest(r, entry, now)
	case *message.TradeReport:
		return d.tradeReport(r, entry, now)
	case *message.LineCheck:
		return d.lineCheck(r, entry, now)
	}
	return event.Event{}, fault(m, message.UnknownType, "type", "no request that the core decides")
}

// when checks the instant that decides the trade date.
func (d *Dialect) when(m message.Request, at, now time.Time) error {
	if at.After(now.Add(maxAhead)) {
		return fault(m, message.Malformed, "transacted_at", "lies in the future")
	}
	return nil
}

// until returns the end of a request's validity: the agreed span after an instant, or what the request says if that is nearer.
func (d *Dialect) until(from, said time.Time) time.Time {
	deadline := from.Add(d.deadline)
	if !said.IsZero() && said.Before(deadline) {
		return said
	}
	return deadline
}

func (d *Dialect) event(kind event.Type, id, correlation string, now, deadline time.Time, data any) (event.Event, error) {
	e, err := event.New(kind, id, d.origin, correlation, data)
	if err != nil {
		return e, fmt.Errorf("write %s: %w", kind, err)
	}
	e.Time, e.Deadline = now.UTC(), deadline.UTC()
	return e, nil
}

func fault(m message.Request, reason message.Reason, field, rule string) error {
	return &message.Fault{
		Reason: reason, Field: field, Rule: rule,
		Type: m.Type(), Version: message.Current, Sequence: m.Head().Sequence, Reference: m.Head().Reference,
	}
}
