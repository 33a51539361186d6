package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// Bounds of the writer.
const (
	rowPause    = 100 * time.Millisecond // how long changed numbers wait for a message to be stored with
	commitBound = 5 * time.Second        // one attempt
	firstPause  = 20 * time.Millisecond  // between attempts; it doubles up to lastPause
	lastPause   = time.Second
	lastTries   = 2 * time.Second // how long the last attempts of Run go on while Postgres is away
)

//go:embed queries/commit.sql
var commitQuery string

// commit is the content of one group commit: the records, the incoming messages that they refuse, and the row after them.
type commit struct {
	records []record
	refused map[refusal]string // number to content
	row     row
	saved   uint64
}

// Run stores the saved messages until ctx ends, and then those that are left. While Postgres is away it tries again without
// a limit, in order. After Abandon it writes nothing more, also not what it was trying to write. Error: ErrFenced, after which it
// writes nothing more.
func (s *Session) Run(ctx context.Context) error {
	patience, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastTries, cancel) })()
	defer context.AfterFunc(s.over, cancel)() //nolint:contextcheck // over ends with the session, which nothing may outlive
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-s.wake:
		}
		if err := s.write(patience); err != nil {
			return err
		}
	}
	return nil
}

// write commits everything that waits. It tries again until it succeeds or ctx ends, which is also the end of the session.
func (s *session) write(ctx context.Context) error {
	c, some := s.take()
	for pause := firstPause; some && ctx.Err() == nil; pause = min(2*pause, lastPause) {
		err := s.try(ctx, c)
		if err == nil {
			s.finish(c)
			return nil
		}
		if errors.Is(err, ErrFenced) {
			s.end(err)
			return err
		}
		s.failed(err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// take moves all saved records into one commit.
func (s *session) take() (c commit, some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended != nil || len(s.queue) == 0 && !s.dirty {
		return commit{}, false
	}
	c = commit{records: s.queue, refused: s.refused.take(), row: s.row, saved: s.saved}
	c.row.nextIn = s.received()
	s.writing, s.queue = s.queue, make([]record, 0, len(s.queue))
	s.dirty = false
	return c, true
}

func (s *session) try(ctx context.Context, c commit) error {
	ctx, cancel := context.WithTimeout(ctx, commitBound)
	defer cancel()
	var rows int
	if err := s.pool.QueryRow(ctx, commitQuery, c.arguments(s.split)...).Scan(&rows); err != nil {
		return fmt.Errorf("store session %s: %w", s.name, err)
	}
	if rows == 0 {
		return ErrFenced
	}
	return nil
}

// arguments returns the arguments of queries/commit.sql.
func (c commit) arguments(split Split) []any {
	n := len(c.records)
	generations, seqs, bodies := make([]int32, n), make([]int32, n), make([][]byte, n)
	var events, repeats, correlations []pgtype.UUID
	var types []string
	var answers [][]byte
	for i, r := range c.records {
		generations[i], seqs[i], bodies[i] = int32(r.generation), int32(r.seq), r.body //nolint:gosec // such numbers fit
		if r.event.Valid {
			events = append(events, r.event)
		}
		if r.repeat {
			repeats = append(repeats, r.event)
		}
		if r.answer.Valid {
			kind, body := split(r.sent())
			correlations, types, answers = append(correlations, r.answer), append(types, kind), append(answers, body)
		}
	}
	of, numbers, contents := columns(c.refused)
	ids, waits, notices := noticed(c.records)
	return []any{
		c.row.id, c.row.epoch, c.row.generation, c.row.created, c.row.nextIn, c.row.nextOut,
		generations, seqs, bodies, events, correlations, types, answers, c.row.recallFrom, repeats,
		of, numbers, contents, ids, waits, notices,
	}
}

// finish notes that a commit is durable: it raises the watermark.
func (s *session) finish(c commit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range c.records {
		s.bytes -= len(r.body)
	}
	s.writing = nil
	s.committed = c.saved
	s.covered = covered{c.row.generation, c.row.nextOut - 1}
	if !s.failing.IsZero() {
		s.log.Info("session is stored again", "session", s.name, "event.duration", time.Since(s.failing))
		s.failing = time.Time{}
	}
	s.broadcast()
}

// failed notes that a commit failed and will be tried again. It logs only the first failure in a row.
func (s *session) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing.IsZero() && s.ended == nil {
		s.failing = time.Now()
		s.log.Warn("session cannot be stored, trying again", "session", s.name, "error", err)
	}
}

// Abandon stops all writing for good, because this instance no longer holds the session. What still waits is dropped.
func (s *Session) Abandon() { s.end(ErrFenced) }

// end stops all writing for good. Nothing may be sent any more either, since a message must be durable first.
func (s *session) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = err
		s.broadcast()
		s.stop()
	}
}
