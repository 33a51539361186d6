package requests_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"fxcore/lambda/inbox"
)

// BenchmarkRegister is the hot path of registration: 100 trades in one transaction, inbox rows included.
func BenchmarkRegister(b *testing.B) {
	const batch = 100
	pool := schema(b)
	h := inbox.Of(pool, handler(b, marketAt(b, time.Now())), "trading/bench", slog.New(slog.DiscardHandler))
	events := reservedNow(b, b.N*batch)
	b.ResetTimer()
	for from := 0; from < len(events); from += batch {
		for _, r := range h.Handle(context.Background(), events[from:from+batch]) {
			if r.Err != nil || len(r.Emit) != 1 {
				b.Fatal(r)
			}
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "trades/s")
}
