package inbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

// updated is a schema that was updated after rows had been written, and the connection that wrote them.
func updated(t *testing.T, write func(*pgxpool.Conn)) (*pgxpool.Pool, *pgxpool.Conn) {
	t.Helper()
	db := postgrestest.Schema(t, postgrestest.Before(t, inbox.Migrations, "00003_days.sql"))
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	write(conn)
	prepare(t, db)
	return db, conn
}

// What an older version had handled is recognised after the update, until its retention ends.
func TestWhatWasHandledBeforeTheUpdateIsRecognised(t *testing.T) {
	events := add(t, 1, 2)
	elsewhere := ledger(t)
	first := summing().Handler(elsewhere, "test/1", testkit.Log(t)).Handle(t.Context(), events)
	db, _ := updated(t, func(conn *pgxpool.Conn) {
		for _, e := range events {
			var emitted []byte
			if err := elsewhere.QueryRow(t.Context(), "select emitted from inbox where id = $1", e.ID).Scan(&emitted); err != nil {
				t.Fatal(err)
			}
			insertAsBefore(t, conn, e, emitted)
		}
	})
	h := summing().Handler(db, "test/1", testkit.Log(t))
	for _, when := range []string{"at once", "later"} {
		if diff := cmp.Diff(first, h.Handle(t.Context(), events)); diff != "" || total(t, db) != 0 {
			t.Errorf("%s: sum %d, want 0; %s", when, total(t, db), diff)
		}
		purge(t, db, 72*time.Hour, serverTime(t, db).Add(71*time.Hour))
	}
	purge(t, db, 72*time.Hour, serverTime(t, db).Add(73*time.Hour))
	if h.Handle(t.Context(), events); total(t, db) != 3 {
		t.Errorf("after the retention: sum %d, want 3", total(t, db))
	}
}

// A replica of the version before, with statements that it prepared before the update, goes on: what it handles is there for
// new replicas, and it cannot handle a second time what was handled before the update.
func TestAReplicaOfTheVersionBeforeGoesOnBesideNewOnes(t *testing.T) {
	events := add(t, 1, 2, 3)
	db, old := updated(t, func(conn *pgxpool.Conn) { insertAsBefore(t, conn, events[0], nil) })

	var refused *pgconn.PgError
	if err := insertAs(t.Context(), old, events[0], nil); !errors.As(err, &refused) || refused.Code != "23505" {
		t.Errorf("handled before the update: %v, want a refusal", err)
	}
	insertAsBefore(t, old, events[1], nil)
	h := summing().Handler(db, "test/1", testkit.Log(t))
	if results := h.Handle(t.Context(), events); results[0].Err != nil || results[1].Err != nil || len(results[1].Emit) > 0 || total(t, db) != 3 {
		t.Errorf("a new replica: %+v, sum %d, want 3", results, total(t, db))
	}
	var seen int
	if err := old.QueryRow(t.Context(), "select count(*) from inbox where id = any($1::uuid[])", []string{events[1].ID, events[2].ID}).Scan(&seen); err != nil || seen != 2 {
		t.Errorf("the old replica sees %d rows, %v; want 2", seen, err)
	}
}

func insertAs(ctx context.Context, conn *pgxpool.Conn, e event.Event, emitted []byte) error {
	_, err := conn.Exec(ctx, "insert into inbox (id, emitted) select * from unnest($1::uuid[], $2::bytea[]) order by 1",
		[]string{e.ID}, [][]byte{emitted})
	return err
}

func insertAsBefore(t *testing.T, conn *pgxpool.Conn, e event.Event, emitted []byte) {
	t.Helper()
	if err := insertAs(t.Context(), conn, e, emitted); err != nil {
		t.Fatal(err)
	}
}
