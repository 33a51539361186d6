package postgres

import (
	"context"
	"iter"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// Messages implements [store.Accountant]. The audit's chain is left out: it repeats some of them.
func (s Store) Messages(ctx context.Context) iter.Seq2[store.Message, error] {
	return func(yield func(store.Message, error) bool) {
		rows, err := s.Pool.Query(ctx, "select id, correlation, traceparent from journal where chain < $1", journal.Chains)
		if err != nil {
			yield(store.Message{}, failed("list the messages", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var r journal.Record
			err := rows.Scan(&r.ID, &r.Correlation, &r.Traceparent)
			if !yield(store.MessageOf(r), failed("list the messages", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(store.Message{}, failed("list the messages", err))
		}
	}
}

// Traced implements [store.Accountant]. Every record is a span, so none is kept besides.
func (s Store) Traced(ctx context.Context) iter.Seq2[store.SpanKey, error] {
	return func(yield func(store.SpanKey, error) bool) {
		for m, err := range s.Messages(ctx) {
			if !yield(m.Span, err) {
				return
			}
		}
	}
}
