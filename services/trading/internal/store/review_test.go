package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/trading/internal/store"
)

// calendarsWith returns a market that deals EUR/USD on calendars of a version, with holidays of the dollar.
func calendarsWith(t *testing.T, version int64, holidays map[fxdate.Date]string) *market.Market {
	t.Helper()
	calendars := map[string]*calendar.Calendar{}
	for currency, closed := range map[string]map[fxdate.Date]string{"EUR": nil, "USD": holidays} {
		c, err := calendar.New(currency, []calendar.Weekend{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, closed)
		if err != nil {
			t.Fatal(err)
		}
		calendars[currency] = c
	}
	return market.New(market.NewDirectory(market.Static{
		Currencies: map[string]market.Currency{"EUR": {Code: "EUR"}, "USD": {Code: "USD"}}, Calendars: calendars, Version: version,
		Pairs: []market.Terms{{Base: "EUR", Quote: "USD", SpotLag: 2, PointsFactor: decimal.NewFromInt(1)}},
	}), market.Rates{})
}

func review(t *testing.T, pool *pgxpool.Pool, m *market.Market, now time.Time) int {
	t.Helper()
	r := store.Review{Pool: pool, Market: func() (*market.Market, error) { return m, nil }}
	found, err := r.Once(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The swap of these tests settles on 27 November and 28 December 2026.
func TestAHolidayThatIsAddedListsTheTradesThatItTouches(t *testing.T) {
	pool := schema(t)
	if err := register(t, pool, swap(t)); err != nil {
		t.Fatal(err)
	}
	if found := review(t, pool, calendarsWith(t, 1, nil), noon); found != 0 {
		t.Fatalf("%d legs on good days", found)
	}
	closed := map[fxdate.Date]string{fxdate.NewDate(2026, 12, 28): "Day of Mourning", fxdate.NewDate(2026, 12, 30): "nobody settles here"}
	later := calendarsWith(t, 2, closed)
	if found := review(t, pool, later, noon); found != 1 {
		t.Errorf("%d legs found, want the far one", found)
	}
	if found := review(t, pool, later, noon); found != 0 {
		t.Errorf("the same version lists %d legs again", found)
	}
	rows, err := pool.Query(t.Context(), "select trade_id || ' ' || leg || ' ' || value_date || ' ' || closure || ' ' || calendar_version from affected_trade")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{swap(t).ID + " 2 2026-12-28 a holiday in USD (Day of Mourning) 2"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if found := review(t, pool, calendarsWith(t, 3, closed), noon); found != 0 {
		t.Errorf("a later version lists %d legs again", found)
	}
}

func TestATradeThatHasEndedOrSettledIsNotListed(t *testing.T) {
	pool := schema(t)
	ended := swap(t)
	ended.Life.Status = "deleted"
	if err := register(t, pool, ended); err != nil {
		t.Fatal(err)
	}
	settled := swap(t)
	settled.ID = id("2")
	if err := register(t, pool, settled); err != nil {
		t.Fatal(err)
	}
	m := calendarsWith(t, 1, map[fxdate.Date]string{fxdate.NewDate(2026, 12, 28): "Day of Mourning"})
	if found := review(t, pool, m, time.Date(2026, 12, 29, 0, 0, 0, 0, time.UTC)); found != 0 {
		t.Errorf("%d legs found", found)
	}
}
