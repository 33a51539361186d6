package testkit

import (
	"context"
	"testing"
)

// Background runs loop until the test ends, and waits for its return. The test fails if loop returns an error.
func Background(t testing.TB, loop func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- loop(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("loop ended with %v", err)
		}
	})
}
