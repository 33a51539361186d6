package storetest

import (
	"testing"

	"fxcore/services/logging/internal/line"
)

// batch is how many lines a store gets at once under load.
const batch = 500

// Rate measures how many lines a second a store takes from one replica.
func Rate(b *testing.B, s Store) {
	if err := s.Tend(b.Context(), Now()); err != nil {
		b.Log(err) // days without a partition are slower, no more
	}
	n := 0
	for b.Loop() {
		lines := make([]line.Line, batch)
		for i := range lines {
			lines[i] = made(n, nil)
			n++
		}
		if err := s.Write(b.Context(), lines); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "lines/s")
}
