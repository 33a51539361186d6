package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/market"
)

// recordEvery is shorter than the minute of which one set of rates is kept, so that none is missed.
const recordEvery = 20 * time.Second

// History records the market's rates by the minute, so that a trade that is reported later is judged by the rates of its
// time. Every replica may run it.
type History struct {
	Pool   *pgxpool.Pool
	Market func() (*market.Market, error)
	Keep   time.Duration // how long rates are kept: as long as a report may be late
	Log    *slog.Logger
}

// Run records until ctx ends.
func (h History) Run(ctx context.Context) error {
	tick := time.NewTicker(recordEvery)
	defer tick.Stop()
	for {
		if err := h.Record(ctx); err != nil && ctx.Err() == nil {
			h.Log.Warn("the rates of this minute are not recorded, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Record stores the current rates, unless their minute has been recorded, and forgets those that are older than Keep. Rates
// that the mainframe has not renewed are in the minute in which it delivered them.
func (h History) Record(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, recordEvery)
	defer cancel()
	m, err := h.Market()
	if err != nil {
		return err
	}
	rates := m.Rates()
	mids, points, err := encodeRates(rates)
	if err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(recordRatesSQL, rates.AsOf, mids)
	b.Queue(recordPointsSQL, rates.AsOf, points)
	b.Queue(forgetRatesSQL, rates.AsOf.Add(-h.Keep))
	if err := h.Pool.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("record rates: %w", err)
	}
	return nil
}
