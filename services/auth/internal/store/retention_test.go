package store_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/store"
)

func TestPurgeForgetsWhatIsOlderThanTheRetentionInChunks(t *testing.T) {
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	const old, kept = 12_000, 3 // more than two chunks
	var claims []store.Claim
	for i := range old + kept {
		date := "2026-10-20"
		if i >= old {
			date = "2026-10-21"
		}
		claims = append(claims, store.Claim{ID: event.NewID(testkit.Day, "t", string(rune(i))), Digest: "d", Event: event.NewID(testkit.Day, "e"), TradeDate: date})
	}
	var b pgx.Batch
	firsts := store.QueueClaims(&b, claims)
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
	if len(firsts) != old+kept {
		t.Fatalf("%d claims made, want %d", len(firsts), old+kept)
	}

	r := store.Retention{Pool: pool, Keep: 30 * 24 * time.Hour, Log: testkit.Log(t)}
	purged, err := r.Purge(t.Context(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if err != nil || purged != old {
		t.Errorf("purged %d, %v; want %d", purged, err, old)
	}
	var left int
	if err := pool.QueryRow(t.Context(), "select count(*) from request where trade_date = '2026-10-21'").Scan(&left); err != nil || left != kept {
		t.Errorf("%d rows left, %v; want %d", left, err, kept)
	}
}
