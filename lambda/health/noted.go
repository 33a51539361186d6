package health

import (
	"context"
	"sync/atomic"
)

// Noted returns a check that does the same, and a measure of how it ended the last time: 1 if it was well, else 0. A report runs the checks
// before it reads the measures, so a check that is registered gives the measure of its report.
func Noted(check Check) (same Check, up func() float64) {
	var well atomic.Bool
	same = func(ctx context.Context) error {
		err := check(ctx)
		well.Store(err == nil)
		return err
	}
	return same, func() float64 {
		if well.Load() {
			return 1
		}
		return 0
	}
}
