package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/market"
)

// ahead is how far the time of rates may lie after the database's: clocks of two hosts differ a little. It is the length of
// time for which one set of rates is kept.
const ahead = time.Minute

// ErrAhead means rates that are of a time to come: a clock is wrong, and nobody knows which.
var ErrAhead = errors.New("the rates are of a time to come")

// History records the market's rates by the minute, so that a trade that is reported later is judged by the rates of its
// time. Every replica may run it.
type History struct {
	Pool   *pgxpool.Pool
	Market func() (*market.Market, error)
	Now    func(ctx context.Context) (time.Time, error) // the clock that all replicas share, see [DatabaseTime]
	Keep   time.Duration                                // how long rates are kept: as long as a report may be late
}

// DatabaseTime returns the clock of a database.
func DatabaseTime(pool *pgxpool.Pool) func(ctx context.Context) (time.Time, error) {
	return func(ctx context.Context) (now time.Time, err error) {
		if err = pool.QueryRow(ctx, "select now()").Scan(&now); err != nil {
			err = fmt.Errorf("read the database's clock: %w", err)
		}
		return now, err
	}
}

// Record stores the current rates, unless their minute has been recorded, and forgets those that are older than Keep. Rates
// that the mainframe has not renewed are in the minute in which it delivered them. Rates are forgotten by the earlier of two
// clocks, the database's and that of the newest rates recorded: one clock that is ahead removes nothing. Errors:
// market.ErrNoData while there are no rates, ErrAhead.
func (h History) Record(ctx context.Context) error {
	m, err := h.Market()
	if err != nil {
		return err
	}
	now, err := h.Now(ctx)
	if err != nil {
		return err
	}
	rates := m.Rates()
	if rates.AsOf.After(now.Add(ahead)) {
		return fmt.Errorf("%w: as of %s, and the database's clock says %s", ErrAhead, rates.AsOf.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	mids, points, err := encodeRates(rates)
	if err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(recordRatesSQL, rates.AsOf, mids)
	if rates.Curves != nil { // else points of the same hour may still come
		b.Queue(recordPointsSQL, rates.AsOf, points)
	}
	b.Queue(forgetRatesSQL, now, h.Keep)
	if err := h.Pool.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("record rates: %w", err)
	}
	return nil
}
