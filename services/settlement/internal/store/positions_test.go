package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/settlement/internal/store"
)

// grown is a schema whose ledger has entries of 600 days. Those of the last day were booked on that day.
func grown(t *testing.T) *pgxpool.Pool {
	t.Helper()
	const rows = 60_000
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	if _, err := pool.Exec(t.Context(), `
insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, booked_at)
select gen_random_uuid(), 1, 'deal', (array['EUR', 'USD', 'GBP', 'JPY'])[1 + n % 4], 1 + n % 1000, date '2025-05-10' + n / 100,
       case when n % 2 = 0 then 'desk/FXS' || n % 49 else 'client/C' || n % 900 end,
       case when n % 2 = 0 then 'client/C' || n % 900 else 'desk/FXS' || n % 49 end, timestamptz '2025-05-10 12:00Z' + n / 100 * interval '1 day'
from generate_series(0, $1::int - 1) n`, rows); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "vacuum analyze"); err != nil {
		t.Fatal(err)
	}
	return pool
}

// plan returns how the database executes a query, and how many rows each step has read.
func plan(t *testing.T, pool *pgxpool.Pool, file string, args ...any) string {
	t.Helper()
	query, err := os.ReadFile("queries/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return explain(t, pool, string(query), args...)
}

func explain(t *testing.T, pool *pgxpool.Pool, query string, args ...any) string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "explain (analyze, costs off, timing off) "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		text.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// What an evening does must not grow with the ledger: each query finds the rows of the dates that it needs by an index.
func TestAnEveningsWorkDoesNotReadTheWholeLedger(t *testing.T) {
	pool := grown(t)
	for file, args := range map[string][]any{
		"positions.sql":    {"FXS1", "USD", "2026-12-24", "2026-12-30"},
		"report_dates.sql": {"2026-12-24", "2027-01-30", "2026-12-30"},
		"imbalances.sql":   {"2026-12-31"},
	} {
		p := plan(t, pool, file, args...)
		if strings.Contains(p, "Seq Scan on transfer") {
			t.Errorf("%s reads the whole ledger:\n%s", file, p)
		}
		if file == "positions.sql" && (!strings.Contains(p, "transfer_to ") || !strings.Contains(p, "transfer_from ")) {
			t.Errorf("a desk's books are not found by their index:\n%s", p)
		}
	}
}
