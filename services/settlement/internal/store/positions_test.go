package store_test

import (
	"os"
	"strings"
	"testing"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/settlement/internal/store"
)

// A desk's positions come from the indexes alone, and so from its own entries. With a million entries and 14 % of them the desk's, that
// takes 50 ms; with 50,000 the indexes are the same.
func TestADesksPositionsAreAddedUpFromIndexes(t *testing.T) {
	const rows = 50_000
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	if _, err := pool.Exec(t.Context(), `
insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, booked_at)
select gen_random_uuid(), 1, 'deal', (array['EUR', 'USD', 'GBP', 'JPY'])[1 + n % 4], 1 + n % 1000, date '2026-11-01' + n % 60,
       case when n % 2 = 0 then 'desk/FXS' || n % 49 else 'client/C' || n % 900 end,
       case when n % 2 = 0 then 'client/C' || n % 900 else 'desk/FXS' || n % 49 end, now()
from generate_series(1, $1::int) n`, rows); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "vacuum analyze transfer"); err != nil {
		t.Fatal(err)
	}
	query, err := os.ReadFile("queries/positions.sql")
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	found, err := pool.Query(t.Context(), "explain (analyze, costs off, timing off, buffers) "+string(query), "FXS1", "USD")
	if err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		var line string
		if err := found.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}

	if p := plan.String(); strings.Contains(p, "Seq Scan on transfer") || !strings.Contains(p, "transfer_to") || !strings.Contains(p, "transfer_from") {
		t.Errorf("the whole ledger is read:\n%s", plan.String())
	}
}
