package steps_test

import (
	"fmt"
	"testing"

	"fxcore/lambda/event"
)

// BenchmarkRequests handles batches of requests on a real Postgres, including the commit.
func BenchmarkRequests(b *testing.B) {
	for _, size := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("batches of %d", size), func(b *testing.B) {
			h := replica(b, schema(b), "1")
			events := make([]event.Event, 0, size)
			n := 0
			for b.Loop() {
				events = events[:0]
				for range size {
					n++
					events = append(events, spot(fmt.Sprint(n)).event(b))
				}
				for _, r := range h.Handle(b.Context(), events) {
					if got := verdict(b, r); got != "authorized" {
						b.Fatal(got, r.Err)
					}
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
