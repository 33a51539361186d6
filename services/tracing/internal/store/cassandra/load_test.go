package cassandra_test

import (
	"fmt"
	"testing"

	"fxcore/services/tracing/internal/store/storetest"
)

// How many messages a second the store takes: each operation is one message.
func BenchmarkAppend(b *testing.B) {
	s := open(b)
	if err := s.Ready(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	storetest.Load(b, s, fmt.Sprint(b.N), b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
