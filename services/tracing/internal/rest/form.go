package rest

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/span"
)

type traceList struct {
	Traces []trace `json:"traces"`
}

// trace is what a list shows of a story. Times are UTC, durations are in microseconds.
type trace struct {
	Story     string    `json:"story"`
	Trace     string    `json:"trace_id"`
	Entry     string    `json:"entry"`
	Client    string    `json:"client,omitempty"`
	Provider  string    `json:"provider,omitempty"`
	Reference string    `json:"reference,omitempty"`
	Started   time.Time `json:"started_at"`
	Ended     time.Time `json:"ended_at"`
	Duration  int64     `json:"duration_us"`
	Outcome   string    `json:"outcome,omitempty"`
	Failed    bool      `json:"failed"`
	Services  []string  `json:"services"`
}

func traceOf(s journal.Summary) trace {
	return trace{
		Story: s.Correlation, Trace: s.Trace, Entry: s.Entry, Client: s.Client, Provider: s.Provider, Reference: s.Reference, Started: s.Started, Ended: s.Ended,
		Duration: s.Duration().Microseconds(), Outcome: s.Outcome, Failed: s.Failed, Services: s.Services,
	}
}

type waterfall struct {
	trace

	Spans []spanForm `json:"spans"`
}

// spanForm is one bar of a waterfall. At is its begin after the begin of the story, in microseconds.
type spanForm struct {
	ID       string          `json:"span_id"`
	Parent   string          `json:"parent_id,omitempty"`
	Service  string          `json:"service"`
	Instance string          `json:"instance"`
	Name     string          `json:"name"`
	Start    time.Time       `json:"start"`
	At       int64           `json:"at_us"`
	Duration int64           `json:"duration_us"`
	Failed   bool            `json:"failed"`
	Code     string          `json:"code,omitempty"`
	Text     string          `json:"text,omitempty"`
	Message  string          `json:"message_id"`
	Cause    string          `json:"causation_id,omitempty"` // the message that led to it
	Type     string          `json:"type"`                   // with its version
	Origin   string          `json:"origin"`
	Data     json.RawMessage `json:"data,omitempty"`
}

func spanOf(r journal.Record, began time.Time) spanForm {
	s := span.Of(r)
	return spanForm{
		ID: s.ID, Parent: s.Parent, Service: s.Service, Instance: s.Instance, Name: s.Name, Start: s.Start, At: s.Start.Sub(began).Microseconds(),
		Duration: s.Duration.Microseconds(), Failed: s.Failed, Code: s.Code, Text: s.Text, Message: s.Message, Cause: r.Causation, Type: r.Type, Origin: r.Origin,
	}
}

type recordList struct {
	Records []recordForm `json:"records"`
}

type recordForm struct {
	Chain       int             `json:"chain"`
	Day         string          `json:"day"`
	Seq         int64           `json:"seq"`
	Hash        string          `json:"hash"`
	Message     string          `json:"message_id"`
	Causation   string          `json:"causation_id,omitempty"`
	Type        string          `json:"type"`
	Origin      string          `json:"origin"`
	Source      string          `json:"source"`
	Traceparent string          `json:"traceparent"`
	Time        time.Time       `json:"time"`
	Data        json.RawMessage `json:"data,omitempty"`
}

func recordOf(r journal.Record) recordForm {
	return recordForm{
		Chain: r.Chain, Day: r.Day.Begin().Format(time.DateOnly), Seq: r.Seq, Hash: hex.EncodeToString(r.Hash), Message: r.ID, Causation: r.Causation, Type: r.Type,
		Origin: r.Origin, Source: r.Source, Traceparent: r.Traceparent, Time: r.Time,
	}
}

type chainList struct {
	Days []chainDay `json:"days"`
}

type chainDay struct {
	Chain    int    `json:"chain"`
	Day      string `json:"day"`
	Records  int64  `json:"records"`
	LastSeq  int64  `json:"last_seq"`
	LastHash string `json:"last_hash"`
	Anchored bool   `json:"anchored"`
}
