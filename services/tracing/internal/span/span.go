// Package span makes a trace of a story's records: every message is a span, and its parent is the message that led to it.
package span

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
)

// Span is one message as a part of a trace.
type Span struct {
	Trace, ID, Parent string // hexadecimal; Parent is empty for the first message
	Service, Instance string
	Name              string // the message's type without its version
	Start             time.Time
	Duration          time.Duration
	Failed            bool
	Code, Text        string // why, if it failed
	Message           string // the message's id
	Correlation       string
	Client, Reference string
}

// Of returns the span of a record.
func Of(r journal.Record) Span {
	s := Span{
		Trace: r.TraceID(), ID: event.SpanID(r.ID), Service: r.Service(), Instance: r.Instance(), Name: r.Name(),
		Start: r.Begin(), Duration: r.Duration(), Failed: r.Failed(), Message: r.ID, Correlation: r.Correlation,
		Client: r.Client, Reference: r.Reference,
	}
	if r.Causation != "" {
		s.Parent = event.SpanID(r.Causation)
	}
	if s.Failed {
		s.Code, s.Text = r.Code, r.Text
	}
	return s
}
