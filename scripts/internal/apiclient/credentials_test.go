package apiclient

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheNextCodeComesWithTheNextHalfMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(67 * time.Second)
		began := time.Now()
		if err := nextCode(t.Context(), began); err != nil || time.Since(began) != 23*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := nextCode(ctx, time.Now()); !errors.Is(err, context.Canceled) {
			t.Errorf("of who waits no longer: %v", err)
		}
	})
}

// The vectors of RFC 6238, appendix B, for SHA-1; of six digits, which are the last of its eight.
func TestOneTimeCodesAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"} {
		if got := code([]byte("12345678901234567890"), time.Unix(seconds, 0)); got != want {
			t.Errorf("at %d: %s, want %s", seconds, got, want)
		}
	}
}
