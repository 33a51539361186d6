package absence

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Migrations create the table absence, in the schema of the sessions.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/gone.sql
	goneQuery string
	//go:embed queries/back.sql
	backQuery string
	//go:embed queries/told.sql
	toldQuery string
)

const storeBound = 5 * time.Second

// state is a row of the table absence.
type state struct {
	since time.Time
	age   time.Duration // of the absence, by the database's clock
	told  bool
}

func (w Watch) gone(ctx context.Context) (s state, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	var seconds float64
	err = w.Pool.QueryRow(ctx, goneQuery, w.Name, w.Epoch).Scan(&s.since, &s.told, &seconds)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return s, errFenced
	case err != nil:
		return s, fmt.Errorf("note that %s is away: %w", w.Name, err)
	}
	s.since, s.age = s.since.UTC(), time.Duration(seconds*float64(time.Second))
	return s, nil
}

func (w Watch) back(ctx context.Context) error { return w.exec(ctx, backQuery) }

func (w Watch) told(ctx context.Context) error { return w.exec(ctx, toldQuery) }

func (w Watch) exec(ctx context.Context, query string) error {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	if _, err := w.Pool.Exec(ctx, query, w.Name, w.Epoch); err != nil {
		return fmt.Errorf("note that %s was away or is back: %w", w.Name, err)
	}
	return nil
}
