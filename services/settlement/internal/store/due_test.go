package store_test

import (
	"regexp"
	"strconv"
	"testing"

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
