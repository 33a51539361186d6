// Package store says what tracing keeps. It has two implementations, Cassandra and PostgreSQL, and one battery of tests for both
// (storetest).
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/span"
)

// ErrMoved says that another replica has appended to a chain meanwhile. Read the heads again, and append what they lack.
var ErrMoved = errors.New("another replica has appended to the chain")

// Chunk is what is to be appended to one chain.
type Chunk struct {
	Head    journal.Head // as read
	Next    journal.Head // as it is with the records
	Records []journal.Record
}

// Appender takes records. What Append has stored, spans and indexes included, is stored once, whoever is killed.
type Appender interface {
	// Head returns the head of a chain for the given day. If the last day of the chain is an earlier one, it ends that day
	// with its anchor and begins the new one. A chain never goes back to an earlier day. Only who was given the newest head of
	// a chain may append to it. Errors: ErrMoved, if another replica reads the head as well.
	Head(ctx context.Context, chain int, today event.Day) (journal.Head, error)

	// Known returns which of the events are in the journal: pairs of story and id.
	Known(ctx context.Context, events []Place) (map[Place]bool, error)

	// Append stores each chunk whole or not at all, and makes its spans and indexes. After ErrMoved or any other error, some
	// of the chunks may be stored: read the heads again, they tell.
	Append(ctx context.Context, chunks []Chunk) error

	// Alive notes that a replica works, and returns the names of all replicas that did so within the given time.
	Alive(ctx context.Context, name string, within time.Duration) ([]string, error)
}

// Place names an event within its story.
type Place struct{ Correlation, ID string }

// Reader answers questions.
type Reader interface {
	// Search returns the newest stories that fit, the newest first.
	Search(ctx context.Context, q Query) ([]journal.Summary, error)

	// Story returns the records of a story, in their order; none if there is no such story.
	Story(ctx context.Context, correlation string) ([]journal.Record, error)

	// Spans returns the spans of a story, as they are kept for whoever shows traces.
	Spans(ctx context.Context, trace string) ([]span.Span, error)
}

// Query says which stories are sought. An empty field fits all.
type Query struct {
	Correlation, Reference, Client string
	From, To                       time.Time // when the story began: not before From, before To
	Service                        string    // a program that took part
	Outcome                        string    // rejected, registered …; "failed" also finds all in which something failed
	Longer                         time.Duration
	Limit                          int // at most so many
}

// Fits reports whether a story is sought.
func (q Query) Fits(s journal.Summary) bool {
	has := q.Service == ""
	for _, service := range s.Services {
		has = has || service == q.Service
	}
	return has && (q.Correlation == "" || q.Correlation == s.Correlation) && (q.Reference == "" || q.Reference == s.Reference) &&
		(q.Client == "" || q.Client == s.Client) && (q.From.IsZero() || !s.Started.Before(q.From)) && (q.To.IsZero() || s.Started.Before(q.To)) &&
		(q.Outcome == "" || q.Outcome == s.Outcome || q.Outcome == "failed" && s.Failed) && s.Duration() >= q.Longer
}

// Auditor hands out the journal as it is stored, for the verifier.
type Auditor interface {
	// Parts returns the days of a chain, the oldest first. That of the last day has the chain's head as its end.
	Parts(ctx context.Context, chain int) ([]journal.Part, error)

	// Records returns all records of a day of a chain, in the order of their numbers.
	Records(ctx context.Context, p journal.Part) iter.Seq2[journal.Record, error]
}

// Accountant hands out the names of all that is kept, for [AccountFor].
type Accountant interface {
	// Messages returns every message in the journal, in no order.
	Messages(ctx context.Context) iter.Seq2[Message, error]

	// Traced returns every span that is kept, in no order.
	Traced(ctx context.Context) iter.Seq2[SpanKey, error]
}

// Message names a message in the journal, and its span.
type Message struct {
	ID   string
	Span SpanKey
}

// SpanKey names a span. Both names are hexadecimal.
type SpanKey struct{ Trace, ID string }

// MessageOf returns the name of a record's message.
func MessageOf(r journal.Record) Message {
	return Message{ID: r.ID, Span: SpanKey{Trace: r.TraceID(), ID: event.SpanID(r.ID)}}
}

// Keys holds the key of each client's personal data.
type Keys interface {
	// Key returns the client's key. The first call draws it.
	Key(ctx context.Context, client string) (payload.Key, error)

	// Shred removes the client's key for good, also if there was none yet.
	Shred(ctx context.Context, client string) error
}

// Keep says how long what is kept. Zero means for ever.
type Keep struct {
	Journal time.Duration `env:"TRACING_KEEP_JOURNAL" envDefault:"87600h"` // ten years
	Audit   time.Duration `env:"TRACING_KEEP_AUDIT" envDefault:"87600h"`   // ten years; at least one
	Index   time.Duration `env:"TRACING_KEEP_INDEX" envDefault:"2160h"`    // what the search finds: 90 days
	Spans   time.Duration `env:"TRACING_KEEP_SPANS" envDefault:"336h"`     // 14 days
}

// Store is a whole store.
type Store interface {
	Appender
	Reader
	Auditor
	Accountant
	Keys

	// Forget removes what is older than its retention.
	Forget(ctx context.Context, keep Keep, now time.Time) error

	// Ready returns why the store cannot be used.
	Ready(ctx context.Context) error
}

// Verify walks a chain and returns how many records are sound, and the first fault as a [journal.Fault].
func Verify(ctx context.Context, a Auditor, chain int) (int, error) {
	parts, err := a.Parts(ctx, chain)
	if err != nil {
		return 0, err
	}
	v := &journal.Verifier{}
	for _, p := range parts {
		if err := v.Begin(p); err != nil {
			return v.Records, err
		}
		for r, err := range a.Records(ctx, p) {
			if err == nil && r.Seq > p.LastSeq && appendedSince(ctx, a, p, r) {
				break
			}
			if err == nil {
				err = v.Next(r)
			}
			if err != nil {
				return v.Records, err
			}
		}
		if err := v.End(); err != nil {
			return v.Records, err
		}
	}
	return v.Records, nil
}

// appendedSince reports whether the chain's head has come to the record since the part was read: replicas append meanwhile.
func appendedSince(ctx context.Context, a Auditor, p journal.Part, r journal.Record) bool {
	parts, err := a.Parts(ctx, p.Chain)
	if err != nil || p.Anchored {
		return false
	}
	for _, now := range parts {
		if now.Day == p.Day {
			return r.Seq <= now.LastSeq
		}
	}
	return false
}
