package steps

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/store"
)

// nettedBefore is a trade of client C000002, which has a netting agreement, as a replica of an earlier version wrote it.
type nettedBefore struct{ id, side, exposure string }

const nettedBeforeSQL = `insert into reservation (id, kind, provider, group_node, desk_node, client_node, exposure, near_date, near_receivable,
	far_date, far_receivable, state, expires_at, basis, nodes, pair, deal_currency, side, amount, open_amount, taken_amount, value_date, netted)
	values ($1, 'trade', 'ALPHA', 'group/G0001', 'desk/FXS1', 'client/C000002', $2::text::numeric, '2026-11-26', 0, '2026-12-28', 0, 'CONSUMED', now(), 'null',
	'null', 'EUR/USD', 'EUR', $3, 1000, 0, 1000, '2026-12-28', true)`

func (d nettedBefore) insert(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	exec(t, pool, nettedBeforeSQL, d.id, d.exposure, d.side)
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, arguments ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, arguments...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// The nodes and the group's member carry what is left of 100 bought and 40 sold.
const carriesBefore = `with n as (insert into node_usage (node, consumed) select unnest(array['group/G0001', 'desk/FXS1', 'client/C000002']), 60),
	d as (insert into settlement_usage (node, value_date, used) select unnest(array['group/G0001', 'desk/FXS1', 'client/C000002']), d, 0
	      from unnest(array['2026-11-26', '2026-12-28']::date[]) d)
	insert into member_usage (group_node, client_node, used) values ('group/G0001', 'client/C000002', 60)`

// schemaBefore returns a schema in which two swaps were netted before a migration, and how to update it.
func schemaBefore(t *testing.T, migration string) (swaps [2]spot, pool *pgxpool.Pool, update func() *bank) {
	t.Helper()
	pool = postgrestest.Schema(t, inbox.Migrations, postgrestest.Before(t, store.Migrations, migration))
	exec(t, pool, carriesBefore)
	swaps = [2]spot{{"B1", "C000002", "1000"}, {"B2", "C000002", "1000"}}
	nettedBefore{swaps[0].id(), "buy", "100"}.insert(t, pool)
	nettedBefore{swaps[1].id(), "sell", "40"}.insert(t, pool)
	return swaps, pool, func() *bank {
		postgrestest.Update(t, pool, inbox.Migrations, store.Migrations)
		return bankOn(t, pool)
	}
}

// mustSettle settles the swaps of before leg by leg, and expects what client C000002 carries after each.
func mustSettle(t *testing.T, b *bank, swaps [2]spot) {
	t.Helper()
	mustBalance(t, b.pool)
	for i, want := range []string{"0 60", "0 40", "0 40", "0 0"} { // the far legs alone are netted, until both legs are settled
		b.handle(i%2, swaps[i/2].settled(t, i%2+1, "1"))
		if got := b.carries()["client/C000002"]; got != want {
			t.Errorf("after leg %d of swap %d: carries %s, want %s", i%2+1, i/2+1, got, want)
		}
		mustBalance(t, b.pool)
	}
}

// Before 00006 exposures were netted, and its update left the sets behind. They are rebuilt.
func TestDealsThatWereNettedByExposureStayNetted(t *testing.T) {
	t.Parallel()
	swaps, _, update := schemaBefore(t, "00006_netted_amounts.sql")
	mustSettle(t, update(), swaps)
}

// A swap that was reserved before its near leg was netted stays in the set of its far leg, with its whole exposure.
func TestASwapOfBeforeIsNettedByItsFarLeg(t *testing.T) {
	t.Parallel()
	swaps, pool, update := schemaBefore(t, "00009_netted_swaps.sql")
	exec(t, pool, `insert into netted_deal (id, base, quote, value) values ($1, 1000, 1000, 1000), ($2, 400, 400, 400)`, swaps[0].id(), swaps[1].id())
	const sets = `insert into netting_set select unnest(array['group/G0001', 'desk/FXS1', 'client/C000002']), 'C000002', 'EUR/USD', '2026-12-28',
		row(0, 0, 0, 0)::deal_sum, row(100, 1000, 1000, 1000)::deal_sum, row(0, 0, 0, 0)::deal_sum, row(40, 400, 400, 400)::deal_sum`
	exec(t, pool, sets)
	b := update()
	var refused *pgconn.PgError
	if _, err := pool.Exec(t.Context(), sets+" on conflict do nothing"); !errors.As(err, &refused) || refused.Code != "23505" {
		t.Errorf("an older replica changes a netting set: %v, want a refusal that is retried", err)
	}
	mustSettle(t, b, swaps)
}

// A client with an agreement buys near and sells far, and then buys what it sold: the near leg is left. The lines carry it on every
// node until it is settled, by whichever replica.
func TestTheNearLegOfANettedSwapCounts(t *testing.T) {
	t.Parallel()
	s := snapshot()
	client := s.Clients["C000002"]
	client.Netted = true
	s.Clients["C000002"] = client
	b := bankWith(t, s)
	swapped, back := spot{"T1", "C000002", "1000"}, spot{"T2", "C000002", "1000"}
	swap := func(typ event.Type) event.Event { return message(t, typ, swapped.id(), "1", soon(), swapped.asSwap()) }
	offset := func(typ event.Type) event.Event {
		return message(t, typ, back.id(), "1", soon(), back.dataOn("2026-12-28"))
	}
	for i, c := range []struct {
		what  string
		e     event.Event
		used  string // reserved and consumed, on every node
		times int
	}{
		{"the swap is reserved", swap(contract.TradeValidated), "100 0", 1},
		{"and done", swap(contract.TradeRegistered), "0 100", 2},
		{"a deal that would offset its far leg may not be dealt", offset(contract.TradeValidated), "100 100", 1},
		{"its far leg is offset", offset(contract.TradeRegistered), "0 100", 2}, // the near leg is left
		{"its near leg is settled", swapped.settled(t, 1, "1"), "0 0", 2},
		{"the offsetting deal is settled", back.settled(t, 1, "1"), "0 100", 1}, // the far leg is left
		{"its far leg is settled", swapped.settled(t, 2, "1"), "0 0", 1},
	} {
		for range c.times {
			b.handle(i%2, c.e)
		}
		for _, node := range []string{"group/G0001", "desk/FXS1", "client/C000002"} {
			if got := b.carries()[node]; got != c.used {
				t.Errorf("%s: %s carries %s, want %s", c.what, node, got, c.used)
			}
		}
		mustBalance(t, b.pool)
	}
}
