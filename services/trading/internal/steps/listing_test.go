package steps_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
)

const beforeAll = "00000000-0000-0000-0000-000000000000"

func asking(t *testing.T, after string, version int, before time.Time) event.Event {
	t.Helper()
	return newEvent(t, contract.TradesRequested, event.NewID(testkit.Day, after), messages.TradesRequested{AfterTrade: after, AfterVersion: version, Before: before})
}

// listing asks for trades, and returns the answer.
func listing(t *testing.T, pool *pgxpool.Pool, e event.Event) (event.Event, messages.TradesListed) {
	t.Helper()
	result := steps.Lists().Handler(pool, "trading/1", testkit.Log(t)).Handle(t.Context(), []event.Event{e})[0]
	if result.Err != nil {
		t.Fatal(result.Err)
	}
	var data messages.TradesListed
	if err := result.Emit[0].Read(&data); err != nil {
		t.Fatal(err)
	}
	return result.Emit[0], data
}

func TestTradesAreListedInPagesWithoutThoseThatHaveEnded(t *testing.T) {
	pool := schema(t)
	ids := names(messages.MaxListed + 3)
	registerAll(t, pool, ids)
	slices.Sort(ids)
	if _, err := pool.Exec(t.Context(), "update trade set status = 'executed' where id = $1", ids[0]); err != nil {
		t.Fatal(err)
	}
	later := now.Add(time.Minute)
	_, first := listing(t, pool, asking(t, beforeAll, 0, later))
	end := first.Trades[len(first.Trades)-1]
	if len(first.Trades) != messages.MaxListed || first.Last || first.Trades[0].TradeID != ids[1] || end.TradeID != ids[messages.MaxListed] {
		t.Errorf("%d trades from %s to %s, last %v", len(first.Trades), first.Trades[0].TradeID, end.TradeID, first.Last)
	}
	if _, rest := listing(t, pool, asking(t, end.TradeID, end.Version, later)); len(rest.Trades) != 2 || !rest.Last {
		t.Errorf("the rest: %+v", rest)
	}
	if _, none := listing(t, pool, asking(t, ids[0], 1, now)); len(none.Trades) != 0 || !none.Last {
		t.Errorf("registered too late, and listed: %d", len(none.Trades))
	}
	one := schema(t)
	registerAll(t, one, names(1))
	e, _ := listing(t, one, asking(t, beforeAll, 0, later))
	sample.Is(t, "../messages/samples", contract.TradesListed, e)
}

func TestTheStepsOfLists(t *testing.T) {
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Listings]{
		Steps:      steps.Lists(),
		Migrations: store.Migrations,
		Prepare:    func(t *testing.T, pool *pgxpool.Pool) { registerAll(t, pool, names(2)) },
		Events:     []event.Event{asking(t, beforeAll, 0, now.Add(time.Minute))},
		Bad:        []event.Event{newEvent(t, contract.TradesRequested, "1", map[string]any{"after_trade": "7"})},
	})
}
