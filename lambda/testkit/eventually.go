package testkit

import (
	"log/slog"
	"sync"
	"testing"
	"time"
)

// Eventually calls check every few milliseconds until it returns nil. If that does not happen within the given time, the test
// ends with what it waited for and the last error of check.
func Eventually(t testing.TB, what string, within time.Duration, check func() error) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waited %s for %s: %v", within, what, err)
		case <-tick.C:
		}
	}
}

// Log returns a logger that writes to the test's own output, at debug level. It drops what is logged after the test has ended.
func Log(t testing.TB) *slog.Logger {
	w := &output{t: t}
	t.Cleanup(w.end)
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type output struct {
	mu    sync.Mutex
	t     testing.TB
	ended bool
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.t.Logf("%s", text)
	}
	return len(text), nil
}

func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
}
