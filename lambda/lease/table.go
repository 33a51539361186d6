package lease

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// rows are the leases that all processes share. Each method is one statement, bounded by its context. After an error the
// statement may or may not have had its effect. Without grants, renew and release only keep their connection open, so that
// they need not connect when there are some.
type rows interface {
	take(ctx context.Context, names []string) (grants []Grant, awaited bool, err error) // awaited: a name is wished for this replica and not free yet
	renew(ctx context.Context, grants []Grant) (renewal, error)
	release(ctx context.Context, grants []Grant) error
	close()
}

// renewal is the outcome of a renewal. Grants that are wished for another replica are in renewed as well.
type renewal struct{ renewed, refused, wished []Grant }

// table is rows in Postgres, for one holder. Each kind of statement has a connection of its own, so that one that hangs does
// not delay the others.
type table struct {
	holder, replica           string
	length, reserved          time.Duration
	taking, renewals, parting link
}

func newTable(config *pgx.ConnConfig, holder string, cfg Config) *table {
	l := link{config: config}
	return &table{
		holder: holder, replica: replicaOf(holder), length: cfg.Length, reserved: cfg.reserved,
		taking: l, renewals: l, parting: l,
	}
}

func (t *table) take(ctx context.Context, names []string) (grants []Grant, awaited bool, err error) {
	args := []any{t.holder, names, t.length, t.replica, t.reserved}
	err = t.taking.query(ctx, takeFree, args, func(rows pgx.Rows) error {
		var g Grant
		_, err := pgx.ForEachRow(rows, []any{&g.Name, &g.Epoch}, func() error {
			if g.Epoch == 0 {
				awaited = true
			} else {
				grants = append(grants, g)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("take leases: %w", err)
	}
	return grants, awaited, nil
}

func (t *table) renew(ctx context.Context, grants []Grant) (renewal, error) {
	var r renewal
	if len(grants) == 0 {
		return r, t.renewals.connected(ctx)
	}
	names, epochs := columns(grants)
	args := []any{t.holder, names, epochs, t.length, t.replica, wishLasts - wishRipens}
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
