package steps_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

func (t trade) deleted(tb testing.TB) event.Event {
	tb.Helper()
	return told(tb, contract.TradeDeleted, t.number, messages.Deleted{TradeID: t.id(), Version: 1})
}

func TestADeletedTradeOwesNothing(t *testing.T) {
	for _, product := range []string{"spot", "forward"} {
		c := newCore(t)
		one, other := spot("1", "C000001", "100", "111.72"), spot("2", "C000001", "7", "8")
		one.product, other.product = product, product
		if r := c.handle(steps.DeletedSteps(static), one.deleted(t))[0]; r.Err == nil {
			t.Error("a deletion was taken before the trade: the trade would move")
		}
		c.register(one, other)
		c.good(steps.DeletedSteps(static), one.deleted(t))
		c.expect(product, "1 7 open\n1 100 withdrawn")
		before := inboxtest.Tables(t, c.pool)
		c.good(steps.DeletedSteps(static), one.deleted(t))
		c.good(steps.Trades(static), one.registered(t)) // replayed
		if diff := cmp.Diff(before, inboxtest.Tables(t, c.pool)); diff != "" {
			t.Errorf("%s again: %s", product, diff)
		}
		if got := c.amounts(c.run(steps.ExecuteDue)); got != "7 " {
			t.Errorf("%s: moves %s", product, got)
		}
		c.balanced()
	}
}

// What has moved is a fact, whatever people have decided meanwhile.
func TestADeletedLegAtTheMainframeWaitsForTheAnswer(t *testing.T) {
	for want, answer := range map[string]func(*core, event.Event) event.Event{
		"1 100 settled":   func(c *core, r event.Event) event.Event { return madeOf(c.T, r, "M1", morning) },
		"1 100 withdrawn": func(c *core, r event.Event) event.Event { return refusedOf(c.T, r, "NOFUNDS") },
	} {
		c := newCore(t)
		one := spot("1", "C000001", "100", "111.72")
		c.register(one)
		request := c.run(steps.ExecuteDue)[0]
		c.good(steps.DeletedSteps(static), one.deleted(t))
		c.expect("asked", "1 100 instructed")
		c.good(steps.Movements(static), answer(c, request))
		c.expect("answered", want)
	}
}

func TestTheStepsOfDeletedTrades(t *testing.T) {
	one, two := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-50", "56")
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.DeletedSteps(static),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			(&core{T: t, pool: pool, clock: morning}).register(one, two)
		},
		Events:   []event.Event{one.deleted(t), two.deleted(t)},
		Bad:      []event.Event{told(t, contract.TradeDeleted, "3", messages.Deleted{TradeID: "3", Version: 1})},
		AnyOrder: true,
	})
}

// trading publishes what settlement reads.
func TestTradingsSampleOfADeletionIsRead(t *testing.T) {
	e := event.Event{ID: "1", Type: contract.TradeDeleted, Time: morning, Data: sample.Of(t, "services/trading/internal/messages", contract.TradeDeleted)}
	if d, err := messages.ReadDeleted(e); err != nil || d.Version != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}
