package steps_test

import (
	"context"
	"log/slog"
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/steps"
)

// BenchmarkRegister registers 100 trades in one transaction, including the inbox rows.
func BenchmarkRegister(b *testing.B) {
	const batch = 100
	pool := schema(b)
	h := requests(dealing(b)).Handler(pool, "trading/bench", slog.New(slog.DiscardHandler))
	events := reservedSpots(b, names(b.N*batch))
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

// BenchmarkFacts records the assignment and the booking of each trade.
func BenchmarkFacts(b *testing.B) {
	const batch = 100
	pool := schema(b)
	h := steps.Facts().Handler(pool, "trading/bench", slog.New(slog.DiscardHandler))
	ids := names(b.N * batch)
	registerAll(b, pool, ids)
	batches := [][]event.Event{}
	for from := 0; from < len(ids); from += batch {
		var first, second []event.Event
		for _, id := range ids[from : from+batch] {
			first, second = append(first, assigned(b, id, "U0001", now)), append(second, booked(b, id, "B-"+id))
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
