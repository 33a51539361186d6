package watch

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The queries read tables of auth, trading, linecheck and responsibility. The test runs them against those services'
// migrations, so it fails if a migration breaks a query.

//go:embed queries/counts.sql
var countsQuery string

//go:embed queries/speed.sql
var speedQuery string

//go:embed queries/last.sql
var lastQuery string

// counts are exact, so their cost grows with the data. They are read again only after a pause of fifty times the last
// query's duration.
type counts struct {
	registered, rejected, checks int64
	next                         time.Time
}

func (b *book) counts(ctx context.Context, r *Report) error {
	if began := time.Now(); began.After(b.counted.next) {
		var c counts
		if err := b.conn.QueryRow(ctx, countsQuery).Scan(&c.registered, &c.rejected, &c.checks); err != nil {
			return fmt.Errorf("count trades: %w", err)
		}
		took := time.Since(began)
		c.next = time.Now().Add(50 * took)
		b.counted = c
	}
	r.TradesRegistered, r.TradesRejected, r.LineChecks = b.counted.registered, b.counted.rejected, b.counted.checks
	return nil
}

func (b *book) speed(ctx context.Context, r *Report) error {
	err := b.conn.QueryRow(ctx, speedQuery).Scan(&r.TradesPerSecond, &r.P50, &r.P99)
	if err != nil {
		return fmt.Errorf("measure speed: %w", err)
	}
	return nil
}

// shown is how many of the last requests a report contains.
const shown = 20

func (b *book) last(ctx context.Context, r *Report) error {
	rows, err := b.conn.Query(ctx, lastQuery, shown)
	if err != nil {
		return fmt.Errorf("read last trades: %w", err)
	}
	var requested, booked []time.Time
	trades, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Trade, err error) {
		var from, until time.Time
		err = row.Scan(&t.ID, &t.Provider, &t.Reference, &t.Text, &t.Status, &t.At, &from, &until)
		requested, booked = append(requested, from), append(booked, until)
		return t, err
	})
	if err != nil {
		return fmt.Errorf("read last trades: %w", err)
	}
	if err := b.ways(ctx, trades); err != nil {
		return err
	}
	for i := range trades {
		trades[i].finishWay(requested[i], booked[i])
	}
	r.LastTrades = trades
	return nil
}
