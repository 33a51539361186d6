package store_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/api/internal/store"
)

// grown is a read model of 30,000 trades, 600 of which a transaction wrote together. A few are of a rare client, desk, pair and state.
func grown(t *testing.T) (*pgxpool.Pool, store.Model) {
	t.Helper()
	pool, f := setUp(t)
	execute(t, pool, `insert into trade (id, state, client, desk, pair, product, provider, trade_date, facts, changed)
		select md5(n::text)::uuid, case when n % 1000 = 7 then 'refused' else 'booked' end, case when n % 1000 = 7 then 'RARE' else 'C' || n % 50 end,
		       case when n % 1000 = 7 then 'RARE' else 'FXS' || n % 5 end, case when n % 1000 = 7 then 'RARE' else 'P' || n % 30 end,
		       'spot', 'ALPHA', '2026-11-24', '{}', (1000 + n / 600)::text::xid8
		from generate_series(1, 30000) n`)
	execute(t, pool, "vacuum analyze trade")
	return pool, f.Model
}

// A list that has few trades does not read those that it leaves out.
func TestAListIsReadByTheIndexOfItsFilter(t *testing.T) {
	_, model := grown(t)
	for index, filter := range map[string]store.Filter{
		"trade_client": {Client: "RARE"}, "trade_desk": {Desk: "RARE"}, "trade_pair": {Pair: "RARE"}, "trade_state": {State: "refused"}, "trade_changed": {},
	} {
		plan, err := store.Plan(t.Context(), model, filter, store.Place{}, 101)
		if text := strings.Join(plan, "\n"); err != nil || !strings.Contains(text, index+" ") || strings.Contains(text, "Seq Scan") {
			t.Errorf("%s: %v\n%s", index, err, text)
		}
	}
}

// Trades that one transaction wrote have one place in changed. Pages that end among them repeat none and leave none out.
func TestPagesThatEndAmongTheTradesOfOneTransaction(t *testing.T) {
	pool, model := grown(t)
	for _, filter := range []store.Filter{{Desk: "FXS3"}, {Pair: "P4"}, {State: "refused"}, {Client: "C7"}, {Client: "RARE", Desk: "RARE"}} {
		var all []store.Place
		for after := (store.Place{}); ; after = all[len(all)-1] {
			page, err := model.List(t.Context(), filter, after, 77)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page {
				all = append(all, row.Place)
			}
			if len(page) < 77 {
				break
			}
		}
		rows, err := pool.Query(t.Context(), `select changed::text, id::text from trade
			where ($1 = '' or desk = $1) and ($2 = '' or pair = $2) and ($3 = '' or state = $3) and ($4 = '' or client = $4)`,
			filter.Desk, filter.Pair, filter.State, filter.Client)
		if err != nil {
			t.Fatal(err)
		}
		want, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.Place])
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b store.Place) int {
			return -cmp.Or(cmp.Compare(number64(a), number64(b)), cmp.Compare(a.ID, b.ID))
		})
		if !slices.Equal(all, want) {
			t.Errorf("%+v: pages of %d trades, want %d in order", filter, len(all), len(want))
		}
	}
}

func number64(p store.Place) int {
	n, _ := strconv.Atoi(p.Changed)
	return n
}
