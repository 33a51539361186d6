// Package dialect translates between the socket protocol and the core. It turns a provider's message into a request event, and a
// final event into the provider's answer. It makes no business decision. Both directions are pure functions: the same message
// gives the same event, and the same event gives the same answer.
package dialect

import (
	"fmt"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
)

// Echo has what an answer repeats of the request. The core does not read it.
type Echo struct {
	Form     string `json:"form"`     // type of the message: T, P, C
	Sequence uint64 `json:"sequence"` // its number
}

// Trade is a request to trade, or the report of a trade that was done elsewhere.
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
	limits           bool // the provider is told the figures of its clients' lines
}

// New returns the dialect of a provider. origin is the last word of its events' routing keys. deadline is the validity of a
// request, from its transacted_at.
func New(provider, origin string, deadline time.Duration) *Dialect {
	return &Dialect{provider: provider, origin: origin, deadline: deadline, rollover: fxdate.NewRollover()}
}

// ShowLimits makes answers have the figures of the clients' lines, if the provider's agreement says so. Call it before any other method.
func (d *Dialect) ShowLimits(agreed bool) *Dialect {
	d.limits = agreed
	return d
}

// TradeDate returns the FX trade date of an instant, as YYYY-MM-DD.
func (d *Dialect) TradeDate(at time.Time) string { return d.rollover.TradeDate(at).String() }

// Entry returns the id of an event. It must return the same id for the same content.
type Entry func(correlation, digest string) string

// ToEvent turns a request that arrived at now into a request event. Error: a *message.Fault.
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

// when refuses a transaction time that is more than maxAhead in the future. That time decides the trade date.
func (d *Dialect) when(m message.Request, at, now time.Time) error {
	if at.After(now.Add(maxAhead)) {
		return fault(m, message.Malformed, "transacted_at", "lies in the future")
	}
	return nil
}

// until returns the end of a request's validity: the agreed span after from, or the request's own deadline if that is earlier.
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
