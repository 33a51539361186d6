package mirrortest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

const patience = time.Minute

// Follower follows sets in Redis until its context ends.
type Follower interface {
	Run(ctx context.Context) error
	Ready(ctx context.Context) error // nil once it has all sets
	Fresh(ctx context.Context) error // why it cannot follow them
}

// Follow runs a follower until the test ends, and returns it once it is ready.
func Follow[F Follower](t testing.TB, f F) F {
	t.Helper()
	testkit.Background(t, f.Run)
	testkit.Eventually(t, "the static data", patience, func() error { return f.Ready(t.Context()) })
	return f
}

// AwaitFault waits until a follower that runs names a fault with these words.
func AwaitFault(t testing.TB, f Follower, says string) {
	t.Helper()
	testkit.Eventually(t, "the fault to show", patience, func() error {
		if fault := f.Fresh(t.Context()); fault == nil || !strings.Contains(fault.Error(), says) {
			return fmt.Errorf("the fault is: %w", fault)
		}
		return nil
	})
}
