package steps_test

import (
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/valuedate"
	"fxcore/services/settlement/internal/steps"
)

// shut is a bank whose pairs cannot be looked up, or have a calendar without a business day.
type shut struct {
	bank
	pair *market.Pair
	err  error
}

func (s shut) Pair(string) (*market.Pair, error) { return s.pair, s.err }

// closed is a calendar that knows no business day.
func closed(t *testing.T, currency string) *calendar.Calendar {
	t.Helper()
	holidays := map[fxdate.Date]string{}
	for first, n := fxdate.NewDate(2026, 11, 1), 0; n < 366; n++ {
		holidays[first.AddDays(n)] = "closed"
	}
	weekend := calendar.Weekend{From: fxdate.NewDate(1999, 1, 1), Days: []time.Weekday{time.Saturday, time.Sunday}}
	c, err := calendar.New(currency, []calendar.Weekend{weekend}, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func closedPair(t *testing.T) *market.Pair {
	t.Helper()
	dates, err := valuedate.NewPair(2, closed(t, "EUR"), closed(t, "USD"), closed(t, "USD"))
	if err != nil {
		t.Fatal(err)
	}
	return &market.Pair{Name: "EUR/USD", Dates: dates}
}

// Without its window a trade would be forgotten, or would get a wrong window for ever.
func TestATradeComesAgainUntilItsWindowIsKnown(t *testing.T) {
	c := newCore(t)
	e := spot("1", "C000001", "100", "111.72").registered(t)
	for what, shutting := range map[string]shut{"no calendar": {err: market.ErrNoData}, "no business day": {pair: closedPair(t)}} {
		r := c.handle(steps.Trades(func() steps.Directory { return shutting }), e)[0]
		if !amqp.Retried(r.Err) {
			t.Errorf("%s: %v", what, r.Err)
		}
	}
	c.good(steps.Trades(static), e)
	if got := c.rows("select count(*)::text from obligation"); got != "1" {
		t.Errorf("%s legs", got)
	}
}
