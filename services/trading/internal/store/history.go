package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/market"
)

// History records the market's rates by the minute, so that a trade that is reported later is judged by the rates of its
// time. Every replica may run it.
type History struct {
	Pool   *pgxpool.Pool
	Market func() (*market.Market, error)
	Keep   time.Duration // how long rates are kept: as long as a report may be late
}

// Record stores the current rates, unless their minute has been recorded, and forgets those that are older than Keep. Rates
// that the mainframe has not renewed are in the minute in which it delivered them. Error: market.ErrNoData while there are none.
func (h History) Record(ctx context.Context) error {
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
