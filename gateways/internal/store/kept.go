package store

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

//go:embed queries/span.sql
var spanQuery string

// Recall is the number of the message from which on the next holder has to read what it must remember; 0 if no holder has
// said it.
func (s Kept) Recall() (from int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.recallFrom
}

// Span tells the numbers of the first message from one on, and of the last, that are kept of a generation; zeros if there
// are none.
func (s Kept) Span(ctx context.Context, generation, from int) (first, last int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookupBound)
	defer cancel()
	if err := s.pool.QueryRow(ctx, spanQuery, s.row.id, generation, from).Scan(&first, &last); err != nil {
		return 0, 0, fmt.Errorf("look up messages of %s: %w", s.name, err)
	}
	return first, last, nil
}

// Each hands over the durable messages of a generation from one number to another, in order, in one reading. A
// body is valid during the call.
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

// Stored returns durable messages of a generation from one number to another, in order: as many as one reading takes.
// Those that were purged are left out.
func (s Kept) Stored(ctx context.Context, generation, begin, end int) ([]Sent, error) {
	chunk, err := s.read(ctx, generation, begin, end)
	sent := make([]Sent, len(chunk))
	for i, r := range chunk {
		sent[i] = Sent{Generation: generation, Seq: r.seq, Body: r.body}
	}
	return sent, err
}
