package inbox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/inbox"
	"fxcore/lambda/testkit"
)

// A message is recognised for the retention after it was handled, however old its story is. After that it is new again.
func TestAMessageIsRecognisedForItsRetentionAndNotLonger(t *testing.T) {
	const retention = 72 * time.Hour
	db := ledger(t)
	h := summing().Handler(db, "test/1", testkit.Log(t))
	events := add(t, 1, 2)
	first := h.Handle(t.Context(), events)
	handled := serverTime(t, db)

	purge(t, db, retention, handled.Add(retention-time.Minute))
	if diff := cmp.Diff(first, h.Handle(t.Context(), events)); diff != "" || total(t, db) != 3 {
		t.Errorf("a repeat within the retention: sum %d, %s", total(t, db), diff)
	}
	purge(t, db, retention, handled.Add(retention+time.Minute))
	if h.Handle(t.Context(), events); total(t, db) != 6 {
		t.Errorf("a repeat after the retention: sum %d, want 6", total(t, db))
	}
}

func purge(t *testing.T, db *pgxpool.Pool, retention time.Duration, now time.Time) {
	t.Helper()
	if err := inbox.Kept(retention).Tend(t.Context(), db, now); err != nil {
		t.Fatal(err)
	}
}

func serverTime(t *testing.T, db *pgxpool.Pool) (now time.Time) {
	t.Helper()
	if err := db.QueryRow(t.Context(), "select now()").Scan(&now); err != nil {
		t.Fatal(err)
	}
	return now
}
