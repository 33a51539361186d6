package pause_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/scripts/internal/pause"
)

func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		if !pause.For(ctx, 50*time.Second) || time.Since(began) != 50*time.Second {
			t.Errorf("the pause took %s", time.Since(began))
		}
		if pause.For(ctx, 50*time.Second) || time.Since(began) != time.Minute {
			t.Errorf("ended %s after the begin, want the context's minute", time.Since(began))
		}
	})
}
