package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/event"
)

var (
	//go:embed queries/repeat_keep.sql
	keepRepeatQuery string
	//go:embed queries/repeat_list.sql
	listRepeatsQuery string
	//go:embed queries/repeat_open.sql
	openRepeatsQuery string
	//go:embed queries/repeat_drop.sql
	dropRepeatsQuery string
)

// Repeats keeps the repeats of requests that wait for the final answer. A repeat is deleted in the commit of its answer, see
// Cause.Repeat. The next holder of the session finds those that still wait.
type Repeats struct{ *session }

// Keep stores a repeat. A repeat that is stored already changes nothing. Errors: ErrFenced; an id that is not a UUID; those of
// Postgres.
func (s Repeats) Keep(ctx context.Context, e event.Event) error {
	var id, story pgtype.UUID
	if err := parse(&id, e.ID); err != nil {
		return err
	}
	if err := parse(&story, e.Correlation); err != nil {
		return err
	}
	ctx, cancel := s.within(ctx, lookupBound)
	defer cancel()
	var rows int
	err := s.pool.QueryRow(ctx, keepRepeatQuery, s.row.id, s.row.epoch, id, story, event.Append(nil, e)).Scan(&rows)
	switch ended := s.whyEnded(); {
	case ended != nil:
		return fmt.Errorf("keep a repeat for %s: %w", s.name, ended)
	case err != nil:
		return fmt.Errorf("keep a repeat for %s: %w", s.name, err)
	case rows == 0:
		s.suspect()
		return fmt.Errorf("keep a repeat for %s: %w", s.name, ErrFenced)
	}
	return nil
}

// Open returns the trades and line checks for whose final answers repeats wait. Errors: as those of Kept.Answers.
func (s Repeats) Open(ctx context.Context) (correlations []string, err error) {
	err = s.lookup(ctx, openRepeatsQuery, []any{s.row.id}, func(rows pgx.Rows) error {
		var id pgtype.UUID
		err := rows.Scan(&id)
		correlations = append(correlations, id.String())
		return err
	})
	return correlations, err
}

// Of returns the repeats that wait for the final answer of a trade or line check, in the order of their arrival. One whose
// answer is sent and not durable yet is among them. Errors: as those of Kept.Answers.
func (s Repeats) Of(ctx context.Context, correlation string) (events []event.Event, err error) {
	err = s.lookup(ctx, listRepeatsQuery, []any{s.row.id, correlation}, func(rows pgx.Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		decoded, err := event.Decode(event.MediaType, body)
		if err != nil { // no attempt could help: the others must not wait for it
			s.log.Error("stored repeat cannot be read", "session", s.name, "correlation", correlation, "error", err)
		}
		events = append(events, decoded...)
		return nil
	})
	return events, err
}

// Drop deletes the repeats that wait for the final answer of a trade or line check. It does nothing if another instance has the
// session. Errors: those of Postgres.
func (s Repeats) Drop(ctx context.Context, correlation string) error {
	ctx, cancel := s.within(ctx, lookupBound)
	defer cancel()
	if _, err := s.pool.Exec(ctx, dropRepeatsQuery, s.row.id, s.row.epoch, correlation); err != nil {
		return fmt.Errorf("drop repeats for %s: %w", s.name, errors.Join(err, s.whyEnded()))
	}
	return nil
}

// suspect makes the writer write the row, so that it finds out that another instance has the session.
func (s *session) suspect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = true
	s.signal()
}
