package steps_test

import (
	"testing"
	"time"

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

// A trade whose window is not known, because a calendar is missing, is kept: it must not be forgotten however long that takes. Nothing of it
// is paid until the window is known.
func TestATradeWithoutItsWindowIsHeld(t *testing.T) {
	for what, shutting := range map[string]shut{"no calendar": {err: market.ErrNoData}, "no business day": {pair: closedPair(t)}} {
		c := newCore(t)
		closed := func() steps.Directory { return shutting }
		one, netted := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "60", "67")
		for _, s := range []trade{one, netted} {
			c.good(steps.Trades(closed), s.registered(t))
			c.book(s, 1)
		}
		c.register(spot("3", "C000002", "5", "6"))
		c.clock = morning.AddDate(0, 0, -1)
		if got := c.runWith(closed, steps.ExecuteDue); len(got) != 0 {
			t.Errorf("%s: %d movements on the day before", what, len(got))
		}
		if got := c.rows("select count(*)::text from obligation where held <> '' and windowless"); got != "2" {
			t.Errorf("%s: %s legs are held", what, got)
		}
		if got := c.run(steps.ExecuteDue); len(got) != 0 { // finds the windows: the value date
			t.Errorf("%s: %d movements before the value date", what, len(got))
		}
		if got := c.rows("select count(*)::text from obligation where held <> '' or windowless or due_from <> value_date"); got != "0" {
			t.Errorf("%s: %s legs are still held, or have no window", what, got)
		}
		c.clock = morning
		if got := c.run(steps.ExecuteDue); len(got) != 2 {
			t.Errorf("%s: %d movements on the value date, want one for each client", what, len(got))
		}
		c.balanced()
	}
}
