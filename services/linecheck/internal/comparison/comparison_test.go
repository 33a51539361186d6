package comparison_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/contract"
	"fxcore/services/jobs/jobstest"
	"fxcore/services/linecheck/internal/comparison"
	"fxcore/services/linecheck/internal/store"
)

var due = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)

// damage stores usage that no reservation explains.
func damage(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), `insert into node_usage (node, reserved, consumed) values ('client/C000001', 5, 7);
		insert into settlement_usage (node, value_date, used) values ('client/C000001', '2026-12-01', 9)`); err != nil {
		t.Fatal(err)
	}
}

// Whatever dies, the job finds each difference once.
func TestTheJobThatComparesLines(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{
		Set: comparison.Jobs(), Name: comparison.Job, Due: due, Migrations: store.Migrations, Prepare: damage, Again: []event.Type{contract.LinesCompared},
	})
}

// The parts of the job together find what linecheck -recompute finds. The health names it until a later run finds nothing.
func TestTheHealthNamesWhatTheLastRunHasFound(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	damage(t, pool)
	all, err := store.Recompute(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, figure := range store.Figures {
		var b pgx.Batch
		found := store.QueueDifferences(&b, figure)
		if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
			t.Fatal(err)
		}
		for _, d := range *found {
			named = append(named, d.String())
		}
	}
	if len(all) != 3 || len(named) != len(all) {
		t.Fatalf("%v, and by figure %q", all, named)
	}
	for n, found := range [][]string{named, nil} {
		var b pgx.Batch
		store.QueueComparison(&b, due.AddDate(0, 0, n), due, len(found), found)
		if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
			t.Fatal(err)
		}
		err := store.Differing(t.Context(), pool)
		if (err == nil) != (len(found) == 0) || err != nil && !strings.Contains(err.Error(), "client/C000001 consumed: stored 7.00, reservations add up to 0") {
			t.Errorf("run %d: %v", n, err)
		}
	}
}
