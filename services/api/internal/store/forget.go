package store

import (
	"context"
	"log/slog"
	"time"

	"fxcore/lambda/log"
)

// How long a key is remembered, and a token after it expired; and how often the rest is forgotten.
const (
	kept        = 72 * time.Hour
	forgetMost  = 10_000 // originals at once
	forgetEach  = time.Hour
	forgetBound = time.Minute
)

// Forgetting forgets old tokens and keys for as long as the program runs.
type Forgetting struct {
	Model     Model
	Originals time.Duration // how long providers' messages are kept
	Log       *slog.Logger
}

// Run returns nil when ctx ends.
func (f Forgetting) Run(ctx context.Context) error {
	tick := time.NewTicker(forgetEach)
	defer tick.Stop()
	for {
		bounded, cancel := context.WithTimeout(ctx, forgetBound)
		if err := f.Model.Forget(bounded, kept); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "old tokens and keys are not forgotten", log.Error(err))
		}
		if err := f.Model.ForgetOriginals(bounded, f.Originals); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "old messages of providers are not forgotten", log.Error(err))
		}
		cancel()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
