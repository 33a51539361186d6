package cassandra_test

import (
	"encoding/hex"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	"fxcore/services/tracing/internal/store/storetest"
)

// tables are emptied between the tests: to make them takes seconds.
var tables = []string{"journal", "part", "projected", "story", "summary", "by_start", "by_client", "by_reference", "client_key", "replica", "traces"}

func open(t testing.TB) *cassandra.Store {
	t.Helper()
	cfg, err := cassandra.FromURL(testkit.Cassandra(t))
	if err != nil {
		t.Fatal(err)
	}
	s := cassandra.New(cfg, store.Keep{Journal: 1000 * time.Hour, Index: 1000 * time.Hour, Spans: 1000 * time.Hour})
	t.Cleanup(s.Close)
	return s
}

func TestCassandraPassesTheBattery(t *testing.T) {
	s := open(t)
	storetest.Run(t, func(t *testing.T) storetest.Bench {
		for _, table := range tables {
			s.Exec(t, "TRUNCATE "+table)
		}
		return storetest.Bench{
			Store: s,
			Change: func(t testing.TB, r journal.Record) {
				s.Exec(t, "UPDATE journal SET payload = 0x7b7d WHERE day = ? AND chain = ? AND seq = ?", int(r.Day), r.Chain, r.Seq)
			},
			Remove: func(t testing.TB, r journal.Record) {
				s.Exec(t, "DELETE FROM journal WHERE day = ? AND chain = ? AND seq = ?", int(r.Day), r.Chain, r.Seq)
			},
			Insert:    s.Insert,
			Interrupt: s.Interrupt,
			Write:     s.Write,
			LoseRecords: func(t testing.TB, c store.Chunk) {
				for _, r := range c.Records {
					s.Exec(t, "DELETE FROM journal WHERE day = ? AND chain = ? AND seq = ?", int(r.Day), r.Chain, r.Seq)
				}
				h := c.Head
				s.Exec(t, "UPDATE journal SET head_seq = ?, head_hash = ?, head_offset = ? WHERE day = ? AND chain = ?", h.Seq, h.Hash, h.Offset, int(h.Day), h.Chain)
			},
			LoseMade: func(t testing.TB, r journal.Record) {
				trace, err := hex.DecodeString(r.TraceID())
				if err != nil {
					t.Fatal(err)
				}
				s.Exec(t, "DELETE FROM story WHERE correlation = ?", r.Correlation)
				s.Exec(t, "DELETE FROM traces WHERE trace_id = ?", trace)
			},
		}
	})
}
