package steps

import (
	"context"
	"log/slog"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/tracing/internal/store"
)

const forgetEach = time.Hour

// Forgetting removes what is older than its retention.
type Forgetting struct {
	Store store.Store
	Keep  store.Keep
	Clock func() time.Time
	Log   *slog.Logger
}

// Run forgets at intervals until ctx ends. It returns nil.
func (f Forgetting) Run(ctx context.Context) error {
	tick := time.NewTicker(forgetEach)
	defer tick.Stop()
	for {
		if err := f.Store.Forget(ctx, f.Keep, f.Clock()); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "old records are not forgotten", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
