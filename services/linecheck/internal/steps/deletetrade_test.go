package steps

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// A client whose line bears one deal can deal again once that is deleted.
func TestADeletedTradeUsesNoLineAnyMore(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	first, second := spot{"T1", "C000001", "1500000"}, spot{"T2", "C000001", "1500000"}
	ask := func(trade spot, way string) string {
		return b.handle(1, message(t, contract.TradeValidated, trade.id(), way, soon(), trade.data()))[0]
	}
	ask(first, "1")
	b.handle(0, first.message(t, contract.TradeRegistered, "1"))
	if got := ask(second, "1"); got != "trade.rejected line_exceeded" {
		t.Fatalf("a second deal: %s", got)
	}
	b.handle(1, first.deleted(t, "1"), first.deleted(t, "again"))
	b.mustCarry("0 0")
	if got := b.due("client/C000001"); got != "" {
		t.Errorf("due %s", got)
	}
	b.handle(0, first.message(t, contract.TradeRegistered, "replayed")) // it stays deleted
	b.mustCarry("0 0")
	mustBalance(t, b.pool)
	if got := ask(second, "2"); got != "trade.reserved " {
		t.Errorf("after the first is deleted: %s", got)
	}
}

func TestADeletedSwapFreesBothDates(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	swap := spot{"T1", "C000001", "1000000"}
	b.handle(0, message(t, contract.TradeValidated, swap.id(), "1", soon(), swap.asSwap()))
	b.handle(0, swap.message(t, contract.TradeRegistered, "1"))
	b.handle(1, swap.deleted(t, "1"))
	b.mustCarry("0 0")
	if got := b.due("client/C000001"); got != "" {
		t.Errorf("due %s", got)
	}
	mustBalance(t, b.pool)
}

// A netted trade leaves its set: the other one counts in full again.
func TestADeletedTradeOffsetsNothingAnyMore(t *testing.T) {
	t.Parallel()
	pool, netting := schema(t), snapshot()
	client := netting.Clients["C000002"]
	client.Netted = true
	netting.Clients["C000002"] = client
	h := replicaOf(at(noon, all(static{snapshot: netting})), pool, "linecheck/1", testkit.Log(t))
	deal := func(s spot, side string) {
		data := s.data()
		for _, leg := range data["validated"].(map[string]any)["legs"].([]any) {
			leg.(map[string]any)["base_side"] = side
		}
		handle(t, h, message(t, contract.TradeValidated, s.id(), "1", noon.Add(time.Minute), data))
		handle(t, h, message(t, contract.TradeRegistered, s.id(), "1", time.Time{}, data))
		mustBalance(t, pool)
	}
	used := func() (amount string) {
		if err := pool.QueryRow(t.Context(), "select trim_scale(consumed)::text from node_usage where node = 'client/C000002'").Scan(&amount); err != nil {
			t.Fatal(err)
		}
		return amount
	}
	bought, sold := spot{"T1", "C000002", "100000"}, spot{"T2", "C000002", "100000"}
	deal(bought, "buy")
	alone := used()
	deal(sold, "sell")
	handle(t, h, sold.deleted(t, "1"))
	if got := used(); got != alone {
		t.Errorf("carries %s, and %s before the deleted one was dealt", got, alone)
	}
	mustBalance(t, pool)
}

func TestADeletionBeforeTheRegistrationComesAgain(t *testing.T) {
	t.Parallel()
	pool, trade := schema(t), spot{"T1", "C000001", "100"}
	h := replicaOf(at(noon, all(static{snapshot: snapshot()})), pool, "linecheck/1", testkit.Log(t))
	gone := trade.deleted(t, "1")
	refused := func(when string) {
		t.Helper()
		if r := h.Handle(t.Context(), []event.Event{gone}); r[0].Err == nil {
			t.Errorf("%s: handled", when)
		}
	}
	refused("nothing is known of the trade")
	handle(t, h, message(t, contract.TradeValidated, trade.id(), "1", noon.Add(time.Minute), trade.data()))
	refused("it is reserved")
	handle(t, h, trade.message(t, contract.TradeRegistered, "1"), gone)
	mustBalance(t, pool)
}

func TestTheStepsOfDeletedTrades(t *testing.T) {
	t.Parallel()
	one, swap := spot{"T1", "C000001", "500000"}, spot{"T4", "C000002", "300000"}
	inboxtest.Exercise(t, inboxtest.Queue[*Batch]{
		Steps:      at(noon, Deleted()),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			t.Helper()
			resolvedByTheDatabase(t, pool)
			handle(t, at(noon, all(static{snapshot: snapshot()})).Handler(pool, "prepare", testkit.Log(t)),
				one.message(t, contract.TradeValidated, "1"), one.message(t, contract.TradeRegistered, "1"),
				message(t, contract.TradeValidated, swap.id(), "1", noon.Add(time.Minute), swap.asSwap()), swap.message(t, contract.TradeRegistered, "1"))
		},
		Events:   []event.Event{one.deleted(t, "1"), swap.deleted(t, "1")},
		Bad:      []event.Event{bad(t, contract.TradeDeleted)},
		AnyOrder: true,
	})
}

// trading publishes what linecheck reads.
func TestTradingsSampleOfADeletionIsRead(t *testing.T) {
	t.Parallel()
	e := event.Event{ID: "1", Type: contract.TradeDeleted, Time: noon, Data: sample.Of(t, "services/trading/internal/messages", contract.TradeDeleted)}
	if _, err := messages.ReadDeleted(e); err != nil {
		t.Error(err)
	}
}
