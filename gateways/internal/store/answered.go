package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/postgres/daily"
)

//go:embed queries/answered.sql
var answeredQuery string

//go:embed queries/answers.sql
var answersQuery string

const lookupBound = 5 * time.Second

// Answer is a final answer as it was sent.
type Answer struct {
	Kind string // of message
	Body []byte // without the fields that change when it is sent again
}

// Answered reports which of the events the provider has been told. Cause.Check must accept the ids.
func (s Kept) Answered(ctx context.Context, ids []string) (map[string]bool, error) {
	wanted, found := uuids(ids), map[string]bool{}
	s.eachWaiting(func(r record) {
		if text, asked := wanted[r.event]; asked {
			found[text] = true
		}
	})
	if len(wanted) == 0 {
		return found, nil
	}
	lowest, highest := daily.Span(slices.Collect(maps.Values(wanted)))
	err := s.lookup(ctx, answeredQuery, []any{keys(wanted), lowest, highest}, func(rows pgx.Rows) error {
		var id pgtype.UUID
		err := rows.Scan(&id)
		found[wanted[id]] = true
		return err
	})
	return found, err
}

// Answers returns the final answers that the provider has, by the id of the trade or line check.
func (s Kept) Answers(ctx context.Context, correlations []string) (map[string]Answer, error) {
	wanted, found := uuids(correlations), map[string]Answer{}
	if len(wanted) == 0 {
		return found, nil
	}
	s.eachWaiting(func(r record) {
		if text, asked := wanted[r.answer]; asked {
			kind, body := s.split(r.sent())
			found[text] = Answer{kind, body}
		}
	})
	err := s.lookup(ctx, answersQuery, []any{s.row.id, keys(wanted)}, func(rows pgx.Rows) error {
		var id pgtype.UUID
		var a Answer
		err := rows.Scan(&id, &a.Kind, &a.Body)
		found[wanted[id]] = a
		return err
	})
	return found, err
}

// eachWaiting calls look with each record that is not known to be stored.
func (s *session) eachWaiting(look func(record)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, records := range [][]record{s.writing, s.queue} {
		for _, r := range records {
			look(r)
		}
	}
}

// lookup calls each for each row of a query. Errors: ErrFenced if another instance has the session or the session ends
// meanwhile; those of Postgres.
func (s *session) lookup(ctx context.Context, query string, args []any, each func(pgx.Rows) error) error {
	ctx, cancel := s.within(ctx, lookupBound)
	defer cancel()
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("look up answers of %s: %w", s.name, errors.Join(err, s.whyEnded()))
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("look up answers of %s: %w", s.name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look up answers of %s: %w", s.name, errors.Join(err, s.whyEnded()))
	}
	return nil
}

// uuids parses ids. It leaves out a text that is not an id: no answer has it.
func uuids(texts []string) map[pgtype.UUID]string {
	ids := make(map[pgtype.UUID]string, len(texts))
	for _, text := range texts {
		var id pgtype.UUID
		if err := id.Scan(text); err == nil && text != "" {
			ids[id] = text
		}
	}
	return ids
}

func keys(ids map[pgtype.UUID]string) []pgtype.UUID {
	list := make([]pgtype.UUID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	return list
}
