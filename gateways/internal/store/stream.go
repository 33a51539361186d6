package store

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

//go:embed queries/span.sql
var spanQuery string

// Safe is the number up to which every incoming message is safe with the broker, or needed no broker, once one more is:
// the number after, 0 for none.
func (s *Session) Safe(after int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seq := range s.held {
		if seq != after {
			return seq - 1
		}
	}
	return s.row.nextIn - 1
}

// WaitStored returns once the message with this number, in this generation, is durable, and tells the number of the last one
// that is. Errors: ErrFenced, the context's.
func (s *Session) WaitStored(ctx context.Context, seq int) (last int, err error) {
	err = s.until(ctx, func() bool {
		last = s.covered.seq
		return s.covered.generation == s.row.generation && last >= seq
	})
	return last, err
}

// Turn begins the way out again at 1, in a generation: that of a new session whose requests are numbered on. It is for
// sessions that have not sent anything since Open. Error: ErrFenced.
func (s *Session) Turn(generation int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation = generation
	s.row.created = beginning()
	s.row.nextOut, s.row.recallFrom = 1, 1
	s.touch()
	s.signal()
	return s.ended
}

// Span tells the numbers of the first message from one on, and of the last, that are kept of a generation; zeros if there
// are none.
func (s *Session) Span(ctx context.Context, generation, from int) (first, last int, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookupBound)
	defer cancel()
	if err := s.pool.QueryRow(ctx, spanQuery, s.row.id, generation, from).Scan(&first, &last); err != nil {
		return 0, 0, fmt.Errorf("look up messages of %s: %w", s.name, err)
	}
	return first, last, nil
}

// Each hands over the durable messages of a generation from one number to another, in order, in one reading. A
// body is valid during the call.
func (s *Session) Each(ctx context.Context, generation, begin, end int, do func(seq int, body []byte)) error {
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
func (s *Session) Stored(ctx context.Context, generation, begin, end int) ([]Sent, error) {
	chunk, err := s.read(ctx, generation, begin, end)
	sent := make([]Sent, len(chunk))
	for i, r := range chunk {
		sent[i] = Sent{Generation: generation, Seq: r.seq, Body: r.body}
	}
	return sent, err
}
