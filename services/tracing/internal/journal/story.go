package journal

import (
	"encoding/hex"
	"strings"
	"time"

	"fxcore/lambda/event"
)

// Service returns the program that published the message, and Instance its replica: "auth" and "auth-2".
func (r Record) Service() string {
	name, _, _ := strings.Cut(r.Source, "/")
	return name
}

// Instance returns the replica that published the message: "auth-2".
func (r Record) Instance() string { return strings.Replace(r.Source, "/", "-", 1) }

// Name returns the type without its version.
func (r Record) Name() string {
	if version := strings.LastIndex(r.Type, ".v"); version >= 0 {
		return r.Type[:version]
	}
	return r.Type
}

// TraceID returns the story's W3C trace id: 32 hexadecimal digits.
func (r Record) TraceID() string {
	const length, from, to = 55, 3, 35
	if len(r.Traceparent) == length {
		if _, err := hex.DecodeString(r.Traceparent[from:to]); err == nil {
			return r.Traceparent[from:to]
		}
	}
	return event.TraceID(r.Correlation)
}

// Begin returns when the work began that ended with the message: when its publisher took up what led to it. For the first
// message of a story that is when it was published.
func (r Record) Begin() time.Time {
	if r.Started.IsZero() || r.Started.After(r.Time) {
		return r.Time
	}
	return r.Started
}

// Duration returns how long the publisher worked, at least 0.
func (r Record) Duration() time.Duration { return r.Time.Sub(r.Begin()) }

// Failed reports whether the message says that something was refused or went wrong.
func (r Record) Failed() bool {
	switch name := r.Name(); name[strings.LastIndexByte(name, '.')+1:] {
	case "rejected", "refused", "failed", "declined":
		return true
	}
	return false
}

// Outcome returns what the message says about the end of its story; empty for a step on the way.
func (r Record) Outcome() string {
	switch r.Name() {
	case "trade.registered", "trade.rejected", "trade.refused", "trade.executed", "linecheck.completed", "linecheck.rejected",
		"token.issued", "token.refused", "settlement.settled", "settlement.failed", "movement.made", "movement.refused", "message.refused", "job.finished":
		name := r.Name()
		return name[strings.LastIndexByte(name, '.')+1:]
	}
	return ""
}

// Summary is what a list shows of a story.
type Summary struct {
	Correlation, Trace          string
	Entry                       string // the type of the first message
	Client, Provider, Reference string
	Started, Ended              time.Time // the first message's begin, and the last message so far
	Outcome                     string    // the last one; empty: the story goes on
	Failed                      bool      // a message says that something was refused or went wrong
	Services                    []string
}

// Duration returns the time from the first to the last message.
func (s Summary) Duration() time.Duration { return s.Ended.Sub(s.Started) }

// Summarize adds records of one story, in their order, to what is known of it.
func (s Summary) Summarize(records ...Record) Summary {
	for _, r := range records {
		s = s.add(r)
	}
	return s
}

func (s Summary) add(r Record) Summary {
	s.Correlation, s.Trace = r.Correlation, r.TraceID()
	if r.Causation == "" && s.Entry == "" {
		s.Entry = r.Type
	}
	if s.Started.IsZero() || r.Begin().Before(s.Started) {
		s.Started = r.Begin()
	}
	if r.Time.After(s.Ended) {
		s.Ended = r.Time
	}
	keep(&s.Client, r.Client)
	if r.Provider != "" {
		keep(&s.Provider, r.Provider)
		keep(&s.Reference, r.Reference)
	}
	if outcome := r.Outcome(); outcome != "" {
		s.Outcome = outcome
	}
	s.Failed = s.Failed || r.Failed()
	for _, known := range s.Services {
		if known == r.Service() {
			return s
		}
	}
	s.Services = append(s.Services[:len(s.Services):len(s.Services)], r.Service())
	return s
}

// keep sets a text that is not known yet.
func keep(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
