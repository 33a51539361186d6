package cassandra

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
)

const chains = journal.Chains

// Head implements [store.Appender].
func (s *Store) Head(ctx context.Context, chain int, today event.Day) (journal.Head, error) {
	session, err := s.connect(ctx)
	if err != nil {
		return journal.Head{}, err
	}
	var last int
	err = session.Query("SELECT day FROM part WHERE chain = ? LIMIT 1", chain).WithContext(ctx).Scan(&last)
	switch {
	case errors.Is(err, gocql.ErrNotFound):
		err = s.open(ctx, journal.Head{Chain: chain, Day: today, Offset: -1})
	case err == nil && last < int(today):
		err = s.turn(ctx, chain, event.Day(last), today)
	case err == nil:
		today = event.Day(last)
	}
	if err != nil {
		return journal.Head{}, failed("begin a chain's day", err)
	}
	head, err := s.claim(ctx, chain, today)
	if err == nil {
		err = s.catchUp(ctx, head)
	}
	return head, err
}

// head reads the head of a chain's day, with what light-weight transactions under way have done.
func (s *Store) head(ctx context.Context, chain int, day event.Day) (journal.Head, error) {
	h := journal.Head{Chain: chain, Day: day}
	err := s.session.Query("SELECT head_seq, head_hash, head_offset, claim, WRITETIME(claim) FROM journal WHERE day = ? AND chain = ? LIMIT 1", int(day), chain).
		WithContext(ctx).Consistency(gocql.Consistency(gocql.LocalSerial)).Scan(&h.Seq, &h.Hash, &h.Offset, &h.Claim.Number, &h.Claim.At)
	h.Claim.At++ // behind the removal of the records behind the head, which is part of the claim
	return h, failed("read a chain's head", err)
}

// open begins the day of h behind its record. It does nothing if the day has begun.
func (s *Store) open(ctx context.Context, h journal.Head) error {
	_, err := s.session.Query(`UPDATE journal SET head_seq = ?, head_hash = ?, head_offset = ?, first_seq = ?, first_hash = ? WHERE day = ? AND chain = ? IF head_seq = null`,
		h.Seq, h.Hash, h.Offset, h.Seq, h.Hash, int(h.Day), h.Chain).WithContext(ctx).MapScanCAS(map[string]any{})
	if err != nil {
		return fmt.Errorf("begin a day: %w", err)
	}
	// A day that had begun has the same first record: what comes before it is closed.
	return s.session.Query("INSERT INTO part (chain, day, first_seq, first_hash) VALUES (?, ?, ?, ?)", h.Chain, int(h.Day), h.Seq, h.Hash).WithContext(ctx).Exec()
}

// turn closes the chain's last day, notes its anchor, and begins the new day. It may be repeated from any point.
func (s *Store) turn(ctx context.Context, chain int, last, today event.Day) error {
	_, err := s.session.Query("UPDATE journal SET closed = true WHERE day = ? AND chain = ? IF closed = null", int(last), chain).
		WithContext(ctx).MapScanCAS(map[string]any{})
	if err != nil {
		return fmt.Errorf("close a day: %w", err)
	}
	h, err := s.claim(ctx, chain, last) // nobody appends to it any more, and what is behind the head goes
	if err == nil {
		err = s.catchUp(ctx, h)
	}
	if err == nil {
		err = s.session.Query("UPDATE part SET last_seq = ?, last_hash = ?, anchored_at = toTimestamp(now()) WHERE chain = ? AND day = ?",
			h.Seq, h.Hash, chain, int(last)).WithContext(ctx).Exec()
	}
	if err != nil {
		return fmt.Errorf("anchor a day: %w", err)
	}
	h.Day = today
	return s.open(ctx, h)
}

// madeAnew is how many records of a chain catchUp looks back: more than come in the time in which Cassandra has confirmed a write, and has not
// marked in its commit log how far that is to be read after a kill. That time is a tenth of a second, and longer on a busy machine.
const madeAnew = 250

// catchUp makes the spans and indexes of the records that were appended by a replica that died before it made them, or by a server that died
// soon after. A killed server may have lost them, or records, and have kept the note how far they are made.
func (s *Store) catchUp(ctx context.Context, h journal.Head) error {
	var done int64
	err := s.session.Query("SELECT seq FROM projected WHERE chain = ?", h.Chain).WithContext(ctx).Scan(&done)
	if err != nil && !errors.Is(err, gocql.ErrNotFound) {
		return failed("read how far spans are made", err)
	}
	done = min(done, h.Seq) - madeAnew
	var records []journal.Record
	for r, err := range s.records(ctx, h.Day, h.Chain, done, h.Seq) {
		if err != nil {
			return err
		}
		if records = append(records, r); len(records) == page {
			if err := s.project(ctx, records); err != nil {
				return err
			}
			records = nil
		}
	}
	if err := s.project(ctx, records); err != nil {
		return err
	}
	return s.noteProjected(ctx, h)
}

func (s *Store) noteProjected(ctx context.Context, h journal.Head) error {
	err := s.session.Query("INSERT INTO projected (chain, seq) VALUES (?, ?)", h.Chain, h.Seq).WithContext(ctx).Exec()
	return failed("note how far spans are made", err)
}
