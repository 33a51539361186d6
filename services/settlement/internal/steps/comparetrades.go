package steps

import (
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

const (
	// underWay is how long the registration of a trade may be on its way here. A trade that was registered later is not compared yet.
	underWay = 10 * time.Minute
	// comparedDays is how many days of trades the nightly comparison looks at.
	comparedDays = 8
)

// compareTrades is a part of the job that compares the registered trades with the legs that are here, and adds those that are missing.
// Part 0 asks for the trades from a day on. What comes is handled by listed, while the run waits.
type compareTrades struct {
	run   jobs.Run
	after string // the id before that of the first trade
	found *store.Comparison
}

// everyTrade is before all ids.
const everyTrade = "00000000-0000-0000-0000-000000000000"

// tradesSince returns an id before those of the trades of a day. An id begins with the day of its trade.
func tradesSince(at time.Time) string {
	return fmt.Sprintf("%04x%s", uint16(event.DayOf(at)), everyTrade[4:])
}

// Load loads the comparison.
func (c *compareTrades) Load(b *pgx.Batch) {
	if c.run.Part > 0 {
		c.found = store.QueueComparison(b, c.story())
	}
}

// Do asks for the trades, or waits for them.
func (c *compareTrades) Do(_ time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	if c.run.Part == 0 {
		asked, err := askTrades(e, c.story(), messages.TradesRequested{AfterTrade: c.after, Before: c.run.Due.Add(-underWay)})
		return jobs.Progress{Wait: "trading's list of trades"}, asked, err
	}
	progress := jobs.Progress{Done: c.found.Compared, Last: c.found.Finished, Wait: "trading's list of trades"}
	if !c.found.Finished && (!c.found.Known || c.found.Silence > silence) {
		return progress, nil, fmt.Errorf("trading has listed no trades for %s: look at trading.lists, settlement.listings and fx.errors", silence)
	}
	return progress, nil, nil
}

// Store writes that the comparison has begun.
func (c *compareTrades) Store(b *pgx.Batch) {
	if c.run.Part == 0 {
		store.QueueBeginComparison(b, c.story())
	}
}

// story is the correlation of the run's messages. The answers repeat it.
func (c *compareTrades) story() string {
	return c.run.Job + " " + c.run.Due.UTC().Format(time.RFC3339Nano) + "#" + strconv.Itoa(c.run.Attempt)
}

func askTrades(e event.Event, story string, wanted messages.TradesRequested) ([]event.Event, error) {
	asked, err := e.Next(contract.TradesRequested, wanted)
	asked.Origin, asked.Correlation = contract.Batch, story
	return contract.One(asked, err)
}
