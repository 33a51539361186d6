package lease

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// rows are the leases where all processes see them. Each method is one statement, bounded by its context; after an error
// it is unknown whether the statement had its effect.
type rows interface {
	take(ctx context.Context, names []string) ([]Grant, error)
	renew(ctx context.Context, grants []Grant) (renewed, refused []Grant, err error)
	release(ctx context.Context, grants []Grant) error
	close()
}

// table is the rows in Postgres, for one holder. Each kind of statement has its own connection, so that one that hangs
// does not hold up the others.
type table struct {
	holder                   string
	length                   time.Duration
	taking, renewal, parting link
}

func newTable(config *pgx.ConnConfig, holder string, length time.Duration) *table {
	l := link{config: config}
	return &table{holder: holder, length: length, taking: l, renewal: l, parting: l}
}

func (t *table) take(ctx context.Context, names []string) (grants []Grant, err error) {
	err = t.taking.query(ctx, takeFree, []any{t.holder, names, t.length}, func(rows pgx.Rows) error {
		grants, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Grant])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take leases: %w", err)
	}
	return grants, nil
}

func (t *table) renew(ctx context.Context, grants []Grant) (renewed, refused []Grant, err error) {
	names, epochs := columns(grants)
	var g Grant
	var ok bool
	err = t.renewal.query(ctx, renewHeld, []any{t.holder, names, epochs, t.length}, func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, []any{&g.Name, &g.Epoch, &ok}, func() error {
			if ok {
				renewed = append(renewed, g)
			} else {
				refused = append(refused, g)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("renew leases: %w", err)
	}
	return renewed, refused, nil
}

func (t *table) release(ctx context.Context, grants []Grant) error {
	names, epochs := columns(grants)
	err := t.parting.query(ctx, releaseGiven, []any{t.holder, names, epochs}, func(rows pgx.Rows) error {
		rows.Close()
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("release leases: %w", err)
	}
	return nil
}

func (t *table) close() {
	t.taking.close()
	t.renewal.close()
	t.parting.close()
}

func columns(grants []Grant) (names []string, epochs []int64) {
	for _, g := range grants {
		names, epochs = append(names, g.Name), append(epochs, g.Epoch)
	}
	return names, epochs
}
