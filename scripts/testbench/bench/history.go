package main

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/testbench/bench/internal/history"
)

// expiry is within how much of the run the oldest day of the history becomes too old.
const expiry = 30 * time.Second

// past gives the core a history, if the run is to have one.
func (b *bench) past(ctx context.Context) error {
	if b.cfg.History == 0 {
		return nil
	}
	b.say("adding %d handled messages to each inbox, over the days that it keeps", b.cfg.History)
	began := time.Now()
	if err := history.Fill(ctx, b.cfg.AdminPostgres, history.Rows{Number: b.cfg.History, Of: b.cfg.HistoryOf}, expiry); err != nil {
		return fmt.Errorf("add a history: %w", err)
	}
	b.report.History = b.cfg.History
	b.say("  added in %.0f s; the core purges the oldest day during the run", time.Since(began).Seconds())
	return nil
}
