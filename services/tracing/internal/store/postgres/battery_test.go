package postgres_test

import (
	"testing"

	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	store "fxcore/services/tracing/internal/store/postgres"
	"fxcore/services/tracing/internal/store/storetest"
)

func TestPostgresPassesTheBattery(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Bench {
		pool := testkit.Postgres(t)
		if err := postgres.Migrate(t.Context(), pool, store.Migrations); err != nil {
			t.Fatal(err)
		}
		exec := func(t testing.TB, statement string, args ...any) {
			t.Helper()
			if tag, err := pool.Exec(t.Context(), statement, args...); err != nil || tag.RowsAffected() != 1 {
				t.Fatalf("%s: %s, %v", statement, tag, err)
			}
		}
		return storetest.Bench{
			Store: store.Store{Pool: pool},
			Change: func(t testing.TB, r journal.Record) {
				exec(t, "update journal set payload = '{}' where chain = $1 and seq = $2", r.Chain, r.Seq)
			},
			Remove: func(t testing.TB, r journal.Record) {
				exec(t, "delete from journal where chain = $1 and seq = $2", r.Chain, r.Seq)
			},
			Insert: func(t testing.TB, r journal.Record) {
				exec(t, `insert into journal (day, chain, seq, correlation, id, causation, traceparent, type, origin, source, time, started, client, provider, reference,
					code, text, payload, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
					r.Day, r.Chain, r.Seq, r.Correlation, r.ID, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source, r.Time, r.Started, r.Client, r.Provider,
					r.Reference, r.Code, r.Text, r.Payload, r.Hash)
			},
		}
	})
}
