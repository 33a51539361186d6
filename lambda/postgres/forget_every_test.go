package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/postgres"
)

func TestWhatIsOldIsForgottenOnceAPeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour+time.Second)
		defer cancel()
		var out bytes.Buffer
		times := 0
		err := postgres.ForgetEvery(ctx, time.Hour, slog.New(slog.NewTextHandler(&out, nil)), "lamps", func(context.Context) error {
			if times++; times == 2 {
				return errors.New("the server is away")
			}
			return nil
		})
		if err != nil || times != 4 {
			t.Errorf("forgotten %d times in three hours, and %v", times, err)
		}
		if warnings := out.String(); strings.Count(warnings, "\n") != 1 || !strings.Contains(warnings, "what=lamps") {
			t.Errorf("one failed: %s", warnings)
		}
	})
}
