package store_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/settlement/internal/store"
)

var filtered = regexp.MustCompile(`Rows Removed by Filter: (\d+)`)

// A run every ten seconds looks at the dates of which a leg is due, and not at the legs of the weeks to come.
func TestLegsOfLaterDatesAreNotWalked(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	if _, err := pool.Exec(t.Context(), `
insert into obligation (trade_id, trade_version, leg, state, origin, client, account, desk, product, value_date, base, base_amount, quote,
                        quote_amount, due_from, not_after, dealt_at_once)
select gen_random_uuid(), 1, 1, 'open', 'alpha', 'C' || n % 100, '', 'FXS1', 'spot', date '2026-11-26' + n / 1000, 'EUR', 1, 'USD', -1,
       timestamptz '2026-11-26 00:00Z' + n / 1000 * interval '1 day', timestamptz '2026-12-31 00:00Z', true
from generate_series(0, 19999) n`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "vacuum analyze"); err != nil {
		t.Fatal(err)
	}
	p := plan(t, pool, "lock_due.sql", "2026-11-26 08:00Z", "2026-12-27", []string{}, "0001-01-01", "", "0001-01-01", "00000000-0000-0000-0000-000000000000", 0, 0, 100)
	for _, found := range filtered.FindAllStringSubmatch(p, -1) {
		if rows, _ := strconv.Atoi(found[1]); rows > 1000 {
			t.Fatalf("%d legs that are not due were read:\n%s", rows, p)
		}
	}
}

// A connection keeps the plan of its first run, which it may have made while the table was empty. That plan must not read all open legs for each
// leg that is due.
func TestThePlanOfAnEmptyTableDoesForAFullOne(t *testing.T) {
	query, err := os.ReadFile("queries/lock_due.sql")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := postgrestest.Schema(t, inbox.Migrations, store.Migrations).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	for _, statement := range []string{
		"set local enable_seqscan = off", "set local plan_cache_mode = force_generic_plan", // as on every connection of the program
		"prepare due (timestamptz, date, text[], date, text, timestamptz, uuid, int, smallint, int) as " + string(query),
	} {
		if _, err := tx.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	rows, _ := tx.Query(t.Context(), `explain (costs off) execute due ('2026-11-26 08:00Z', '2026-12-27', '{}', '0001-01-01', '', '0001-01-01',
		'00000000-0000-0000-0000-000000000000', 0, 0::smallint, 100)`)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if p := strings.Join(lines, "\n"); err != nil || !byKey.MatchString(p) {
		t.Errorf("a leg is not looked for by its key (%v):\n%s", err, p)
	}
}

// byKey is a step that looks up a leg of the CTE next by the whole primary key.
var byKey = regexp.MustCompile(`Index Scan using obligation_pkey on obligation o\n *Index Cond: \(\(trade_id = next.trade_id\) AND \(trade_version = next.trade_version\) AND \(leg = next.leg\)\)`)

// found returns how many legs of two clients that net are due in the morning of the day before a value date.
func found(t *testing.T, pool *pgxpool.Pool) int {
	t.Helper()
	b := &pgx.Batch{}
	due := store.QueueDue(b, store.Wanted{Now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Nets: []string{"C1", "C2"}, Limit: 100})
	if err := pool.SendBatch(t.Context(), b).Close(); err != nil {
		t.Fatal(err)
	}
	return len(due.Legs)
}

// Of many clients that net, a leg may not be booked. A run every ten seconds must not read all their other legs, which are not due.
func TestALegThatIsNoneOfItsSetMakesNoOtherLegDue(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	exec := func(statement string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	// Each client has one leg that is due, and three that are not.
	exec(`
insert into obligation (trade_id, trade_version, leg, state, origin, client, account, desk, product, value_date, base, base_amount, quote,
                        quote_amount, due_from, not_after, dealt_at_once)
select gen_random_uuid(), 1, 1, 'open', 'alpha', 'C' || n % 3, '', 'FXS1', 'spot', date '2026-11-27', 'EUR', 1, 'USD', -1,
       timestamptz '2026-11-26 00:00Z' + n % 4 * interval '1 day', timestamptz '2026-12-31 00:00Z', true
from generate_series(0, 11) n`)
	const due = " from obligation where due_from < '2026-11-26 08:00Z' and client in ('C0', 'C1')"
	for _, c := range []struct {
		what, statement string
		want            int
	}{
		{"nothing is booked", "", 3},
		{"what is not due is booked", "insert into booking select trade_id, 1, '', now() from obligation where due_from > '2026-11-26 08:00Z'", 3},
		{"a booking was refused", "insert into booking select trade_id, 1, 'NOACCT', now()" + due, 3},
		{"of one client all is booked, and another client does not net", "update booking set code = ''", 6},
		{"its window is not known", "update obligation set windowless = true where due_from < '2026-11-26 08:00Z'", 3},
	} {
		exec(c.statement)
		if got := found(t, pool); got != c.want {
			t.Errorf("%s: %d legs, want %d", c.what, got, c.want)
		}
	}
}
