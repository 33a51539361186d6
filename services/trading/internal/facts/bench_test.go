package facts_test

import (
	"context"
	"log/slog"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/facts"
)

// BenchmarkFacts records what each trade is told after its registration: who is responsible, and its booking.
func BenchmarkFacts(b *testing.B) {
	const batch = 100
	pool := schema(b)
	h := inbox.Of(pool, facts.New(), "trading/bench", slog.New(slog.DiscardHandler))
	ids := names(b.N * batch)
	registerAll(b, pool, ids)
	batches := [][]event.Event{}
	for from := 0; from < len(ids); from += batch {
		var first, second []event.Event
		for _, id := range ids[from : from+batch] {
			first, second = append(first, assigned(b, id, "U0001", noon)), append(second, booked(b, id, "B-"+id))
		}
		batches = append(batches, first, second)
	}
	b.ResetTimer()
	for _, events := range batches {
		for _, r := range h.Handle(context.Background(), events) {
			if r.Err != nil {
				b.Fatal(r.Err)
			}
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "trades/s")
}
