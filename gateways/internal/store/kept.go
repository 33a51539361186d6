package store

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

//go:embed queries/span.sql
var spanQuery string

// Recall returns a number that an earlier holder of the session stored with Outgoing.SetRecall: this holder must read the
// messages from that number on, to rebuild its memory. 0 means that none was stored.
func (s Kept) Recall() (from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.recallFrom
}

// Span returns the first number that is not below from, and the last number, of the messages that are kept of a generation.
// It returns zeros if there are none.
func (s Kept) Span(ctx context.Context, generation, from int) (first, last int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookupBound)
	defer cancel()
	if err := s.pool.QueryRow(ctx, spanQuery, s.row.id, generation, from).Scan(&first, &last); err != nil {
		return 0, 0, fmt.Errorf("look up messages of %s: %w", s.name, err)
	}
	return first, last, nil
}

// Each calls do with each durable message of a generation from number begin to number end, in order. It reads them with one
// query. The body is valid only during the call.
func (s Kept) Each(ctx context.Context, generation, begin, end int, do func(seq int, body []byte)) error {
	ctx, cancel := context.WithTimeout(ctx, resendBound)
	defer cancel()
	rows, err := s.pool.Query(ctx, messagesQuery, s.row.id, generation, begin, end, end-begin+1)
	if err != nil {
		return fmt.Errorf("read messages of %s: %w", s.name, err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int
		var body pgtype.DriverBytes
		if err := rows.Scan(&seq, &body); err != nil {
			return fmt.Errorf("read messages of %s: %w", s.name, err)
		}
		do(seq, body)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read messages of %s: %w", s.name, err)
	}
	return nil
}

// Stored returns the first durable messages of a generation from number begin to number end, in order, up to the limit of one
// query. Purged messages are missing.
func (s Kept) Stored(ctx context.Context, generation, begin, end int) ([]Sent, error) {
	chunk, err := s.read(ctx, generation, begin, end)
	sent := make([]Sent, len(chunk))
	for i, r := range chunk {
		sent[i] = Sent{Generation: generation, Seq: r.seq, Body: r.body}
	}
	return sent, err
}
