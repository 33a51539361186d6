package steps_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// listed is a spot as trading lists it, which the mainframe has booked.
func listed(number string) messages.ListedTrade {
	return messages.ListedTrade{
		TradeID: spot(number, "C000001", "1", "1").id(), Version: 1, Provider: "ALPHA", Client: "C000001", Desk: "FXS1", Product: "spot", Pair: "EUR/USD", Booked: true,
		Legs: []messages.Leg{{ValueDate: day, Base: "EUR", BaseSide: "buy", BaseAmount: dec("100"), Quote: "USD", QuoteAmount: dec("111.72")}},
	}
}

// list answers a request for trades.
func list(t *testing.T, asked event.Event, last bool, trades ...messages.ListedTrade) event.Event {
	t.Helper()
	request := dataOf[messages.TradesRequested](t, asked, contract.TradesRequested)
	e, err := asked.Next(contract.TradesListed, messages.TradesListed{Trades: trades, Before: request.Before, Last: last})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (c *core) listing(static steps.Static, e event.Event) []event.Event {
	c.Helper()
	of := steps.Listings(static)
	of.Clock = func() time.Time { return c.clock }
	r := of.Handler(c.pool, "settlement/1", testkit.Log(c.T)).Handle(c.Context(), []event.Event{e})[0]
	if r.Err != nil {
		c.Fatal(r.Err)
	}
	return r.Emit
}

// A trade whose message was lost, and one that was done before settlement existed, get their legs once.
func TestTradesThatAreMissingAreAddedOnce(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	asked := c.run(steps.TakeOverTrades)[0]
	if got := dataOf[messages.TradesRequested](t, asked, contract.TradesRequested); !got.Before.Equal(morning.Add(-10*time.Minute)) || got.AfterVersion != 0 {
		t.Errorf("%+v", got)
	}
	more := c.listing(static, list(t, asked, false, listed("1"), listed("2")))
	if got := dataOf[messages.TradesRequested](t, more[0], contract.TradesRequested); got.AfterTrade != listed("2").TradeID || got.AfterVersion != 1 {
		t.Errorf("the next trades: %+v", got)
	}
	if wait := c.jobs(static, c.asked(steps.TakeOverTrades)); len(wait) != 0 {
		t.Errorf("it did not wait: %v", wait)
	}
	unreadable := listed("3")
	unreadable.Legs = nil
	unbooked := listed("4")
	unbooked.Booked = false
	if end := c.listing(static, list(t, more[0], true, unreadable, unbooked)); len(end) != 0 {
		t.Errorf("after the last trades: %v", end)
	}
	end := dataOf[jobs.Ended](t, c.jobs(static, c.asked(steps.TakeOverTrades))[0], contract.JobFinished)
	if end.State != jobs.Finished || end.Done != 4 {
		t.Errorf("%+v", end)
	}
	if got := c.rows("select compared || ' ' || added || ' ' || left_out || ' ' || cardinality(which) from trade_comparison"); got != "4 2 1 3" {
		t.Errorf("compared, added, left out, which: %s", got)
	}
	late := spot("2", "C000001", "100", "111.72").registered(t) // its own message comes after all
	c.good(steps.Trades(static), late)
	if got := c.rows("select count(*) || ' ' || string_agg(distinct origin, ' ') from obligation"); got != "3 alpha" {
		t.Errorf("legs: %s", got)
	}
	c.balanced()
	if got := len(c.run(steps.ExecuteDue)); got != 2 {
		t.Errorf("%d movements, want those of the two trades that are booked", got)
	}
	c.book(spot("4", "C000001", "100", "111.72"), 1)
	if got := len(c.run(steps.ExecuteDue)); got != 1 {
		t.Errorf("%d movements after the last booking", got)
	}
}

// A trade that is listed while its window is not known is added once, and held.
func TestAListedTradeWithoutItsWindowIsAddedOnce(t *testing.T) {
	c := newCore(t)
	without := func() steps.Directory { return shut{pair: closedPair(t)} }
	c.listing(without, list(t, c.run(steps.CompareTrades)[0], true, listed("1")))
	if got := c.rows("select left_out || ' ' || added || ' ' || finished from trade_comparison"); got != "0 1 true" {
		t.Error(got)
	}
	c.jobs(static, c.asked(steps.CompareTrades))
	c.clock = morning.Add(time.Hour)
	c.listing(static, list(t, c.run(steps.CompareTrades)[0], true, listed("1")))
	if got := c.rows("select count(*) || ' ' || bool_and(windowless) from obligation"); got != "1 true" {
		t.Errorf("legs, without a window: %s", got)
	}
}

func TestAComparisonThatTradingDoesNotAnswerFails(t *testing.T) {
	c := newCore(t)
	c.run(steps.CompareTrades)
	c.exec("update trade_comparison set moved_at = now() - interval '3 hours'")
	if end := dataOf[jobs.Ended](t, c.jobs(static, c.asked(steps.CompareTrades))[0], contract.JobFinished); end.State != jobs.Failed {
		t.Errorf("%+v", end)
	}
}

// Trading's sample of trades.listed has every field that settlement needs, and settlement's request is what trading reads.
func TestTradingsListIsRead(t *testing.T) {
	c := newCore(t)
	asked := c.run(steps.TakeOverTrades)[0]
	e, err := asked.Next(contract.TradesListed, sample.Of(t, "services/trading/internal/messages", contract.TradesListed))
	if err != nil {
		t.Fatal(err)
	}
	c.listing(static, e)
	if got := c.rows("select client || ' ' || product || ' ' || base_amount || ' ' || quote_amount || ' ' || origin from obligation"); got != "C000001 spot 100 -112 alpha" {
		t.Error(got)
	}
}

func TestTheStepsOfLists(t *testing.T) {
	first := newCore(t)
	asked := first.run(steps.TakeOverTrades)[0]
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Listing]{
		Steps:      steps.Listings(static),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			c := &core{T: t, pool: pool, clock: morning}
			c.withJobs()
			defer c.forgetRuns()
			c.register(spot("1", "C000001", "100", "111.72"))
			c.run(steps.TakeOverTrades)
		},
		Events: []event.Event{list(t, asked, false, listed("1"), listed("2"))},
		Bad:    []event.Event{told(t, contract.TradesListed, "bad", map[string]any{"trades": []any{map[string]any{"trade_id": "7"}}})},
	})
}

// A lost trade.booked would hold a trade back for ever. Trading's list knows better; it never overrules a refusal.
func TestAListSaysWhichTradesAreBooked(t *testing.T) {
	c := newCore(t)
	lost, refused, unbooked := spot("1", "C000001", "100", "111.72"), spot("2", "C000001", "1", "1"), spot("3", "C000001", "1", "1")
	c.registerOnly(lost, refused, unbooked)
	c.good(steps.Trades(static), refused.bookingRefused(c))
	asked := c.run(steps.CompareTrades)[0]
	third := listed("3")
	third.Booked = false
	c.listing(static, list(t, asked, true, listed("1"), listed("2"), third))
	if got := c.rows("select code from booking order by code"); got != "\nNOACCT" {
		t.Errorf("%q", got)
	}
	if got := c.amounts(only(contract.MovementRequested, c.run(steps.ExecuteDue))); got != "100 " {
		t.Errorf("moved: %s", got)
	}
}
