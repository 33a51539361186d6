package cassandra

import (
	"context"
	"encoding/hex"
	"iter"

	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// namesPage is how many names are read at once.
const namesPage = 5_000

// Messages implements [store.Accountant].
func (s *Store) Messages(ctx context.Context) iter.Seq2[store.Message, error] {
	return func(yield func(store.Message, error) bool) {
		for chain := range chains {
			parts, err := s.Parts(ctx, chain)
			if err != nil {
				yield(store.Message{}, err)
				return
			}
			for _, p := range parts {
				if !s.messages(ctx, p, yield) {
					return
				}
			}
		}
	}
}

// messages hands out the messages of a day of a chain. It returns false if no more are wanted.
func (s *Store) messages(ctx context.Context, p journal.Part, yield func(store.Message, error) bool) bool {
	var r journal.Record
	var id, correlation, traceparent *string // a partition without records has one row, with the head alone
	rows := s.session.Query("SELECT id, correlation, traceparent FROM journal WHERE day = ? AND chain = ? AND seq <= ?", int(p.Day), p.Chain, p.LastSeq).
		WithContext(ctx).PageSize(namesPage).Iter()
	for rows.Scan(&id, &correlation, &traceparent) {
		if id == nil || correlation == nil {
			continue
		}
		if r = (journal.Record{ID: *id, Correlation: *correlation}); traceparent != nil {
			r.Traceparent = *traceparent
		}
		if !yield(store.MessageOf(r), nil) {
			_ = rows.Close()
			return false
		}
	}
	if err := rows.Close(); err != nil {
		yield(store.Message{}, failed("list the messages", err))
		return false
	}
	return true
}

// Traced implements [store.Accountant]: from Jaeger's table.
func (s *Store) Traced(ctx context.Context) iter.Seq2[store.SpanKey, error] {
	return func(yield func(store.SpanKey, error) bool) {
		session, err := s.connect(ctx)
		if err != nil {
			yield(store.SpanKey{}, err)
			return
		}
		var trace []byte
		var id int64
		rows := session.Query("SELECT trace_id, span_id FROM traces").WithContext(ctx).PageSize(namesPage).Iter()
		for rows.Scan(&trace, &id) {
			if !yield(store.SpanKey{Trace: hex.EncodeToString(trace), ID: hexadecimal(id)}, nil) {
				_ = rows.Close()
				return
			}
		}
		if err := rows.Close(); err != nil {
			yield(store.SpanKey{}, failed("list the spans", err))
		}
	}
}
