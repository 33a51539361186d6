package lease

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rows are the leases that all processes share. Each method is one statement, bounded by its context. After an error the
// statement may or may not have had its effect. Without grants, renew and release only keep their connection open, so that
// they need not connect when there are some. A lease lasts for the given length from when the statement runs; a renewal never
// makes it end earlier.
type rows interface {
	take(ctx context.Context, names []string, length time.Duration) (grants []Grant, again time.Duration, err error) // again: after which another look is worth it, before the next poll; 0: none is
	renew(ctx context.Context, grants []Grant, length time.Duration) (renewal, error)
	release(ctx context.Context, grants []Grant) error
	close()
}

// renewal is the outcome of a renewal. Grants that are wished for another replica are in renewed as well.
type renewal struct{ renewed, refused, wished []Grant }

// table is rows in Postgres, for one holder. Each kind of statement has a connection of its own, so that one that hangs does
// not delay the others.
type table struct {
	holder, replica           string
	reserved, poll            time.Duration
	taking, renewals, parting link
}

func newTable(config *pgxpool.Config, holder string, cfg Config) *table {
	l := link{config: config.ConnConfig, before: config.BeforeConnect}
	return &table{
		holder: holder, replica: replicaOf(holder), reserved: cfg.reserved, poll: cfg.Poll,
		taking: l, renewals: l, parting: l,
	}
}

func (t *table) take(ctx context.Context, names []string, length time.Duration) (grants []Grant, again time.Duration, err error) {
	args := []any{t.holder, names, length, t.replica, t.reserved, closely, t.poll}
	err = t.taking.query(ctx, takeFree, args, func(rows pgx.Rows) error {
		var g Grant
		var left *time.Duration
		_, err := pgx.ForEachRow(rows, []any{&g.Name, &g.Epoch, &left}, func() error {
			switch {
			case g.Epoch > 0:
				grants = append(grants, g)
			case again == 0 || *left < again:
				again = max(*left, time.Millisecond)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("take leases: %w", err)
	}
	return grants, again, nil
}

func (t *table) renew(ctx context.Context, grants []Grant, length time.Duration) (renewal, error) {
	var r renewal
	if len(grants) == 0 {
		return r, t.renewals.connected(ctx)
	}
	names, epochs := columns(grants)
	args := []any{t.holder, names, epochs, length, t.replica, wishLasts - wishRipens}
	err := t.renewals.query(ctx, renewHeld, args, func(rows pgx.Rows) error {
		var g Grant
		var ok, wished bool
		_, err := pgx.ForEachRow(rows, []any{&g.Name, &g.Epoch, &ok, &wished}, func() error {
			r.note(g, ok, wished)
			return nil
		})
		return err
	})
	if err != nil {
		return renewal{}, fmt.Errorf("renew leases: %w", err)
	}
	return r, nil
}

func (r *renewal) note(g Grant, ok, wished bool) {
	if !ok {
		r.refused = append(r.refused, g)
		return
	}
	r.renewed = append(r.renewed, g)
	if wished {
		r.wished = append(r.wished, g)
	}
}

func (t *table) release(ctx context.Context, grants []Grant) error {
	statement, args := `select 1`, []any(nil)
	if len(grants) > 0 {
		names, epochs := columns(grants)
		statement, args = releaseGiven, []any{t.holder, names, epochs}
	}
	err := t.parting.query(ctx, statement, args, func(rows pgx.Rows) error {
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
	t.renewals.close()
	t.parting.close()
}

func columns(grants []Grant) (names []string, epochs []int64) {
	for _, g := range grants {
		names, epochs = append(names, g.Name), append(epochs, g.Epoch)
	}
	return names, epochs
}
