package store_test

import (
	"errors"
	"strings"
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
	"fxcore/services/trading/internal/trade"
)

// calendarsWith returns a market that deals EUR/USD on calendars of a version, with holidays of the dollar.
func calendarsWith(t *testing.T, version int64, holidays map[fxdate.Date]string) *market.Market {
	t.Helper()
	return marketWith(t, version, map[string]map[fxdate.Date]string{"EUR": nil, "USD": holidays})
}

// marketWith returns a market that deals EUR/USD and nothing else, and USD/AED on broken dates, where it has their calendars.
func marketWith(t *testing.T, version int64, holidays map[string]map[fxdate.Date]string) *market.Market {
	t.Helper()
	calendars, currencies := map[string]*calendar.Calendar{}, map[string]market.Currency{}
	for currency, closed := range holidays {
		c, err := calendar.New(currency, []calendar.Weekend{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, closed)
		if err != nil {
			t.Fatal(err)
		}
		calendars[currency], currencies[currency] = c, market.Currency{Code: currency}
	}
	return market.New(market.NewDirectory(market.Static{
		Currencies: currencies, Calendars: calendars, Version: version,
		Pairs: []market.Terms{
			{Base: "EUR", Quote: "USD", SpotLag: 2, PointsFactor: decimal.NewFromInt(1)},
			{Base: "USD", Quote: "AED", SpotLag: 2, PointsFactor: decimal.NewFromInt(1), BrokenDates: true},
		},
	}), market.Rates{})
}

// traded registers the swap of these tests in another pair, with a flag on each leg that is named.
func traded(t *testing.T, pool *pgxpool.Pool, name, base, quote string, broken ...int) string {
	t.Helper()
	s := swap(t)
	s.ID, s.Pair, s.DealtCurrency = id(name), base+"/"+quote, base
	for i := range s.Legs {
		s.Legs[i].Base, s.Legs[i].Quote = base, quote
	}
	for _, leg := range broken {
		s.Flags = append(s.Flags, trade.Flag{Name: trade.BrokenDate, Leg: leg, Text: "by agreement"})
	}
	if err := register(t, pool, s); err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// affected returns the legs that are listed, in order.
func affected(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "select trade_id || ' ' || leg || ' ' || closure from affected_trade order by trade_id, leg")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return got
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

// The far leg's date, 28 December, becomes a holiday in the Emirates, where the pair may be dealt on broken dates.
func TestADateThatBecomesABrokenOneListsTheTradesThatWereNotDealtOnOne(t *testing.T) {
	pool, eid := schema(t), fxdate.NewDate(2026, 12, 28)
	agreed := traded(t, pool, "agreed", "USD", "AED", 2)
	traded(t, pool, "usual", "USD", "AED")
	traded(t, pool, "of another leg", "USD", "AED", 1)
	m := marketWith(t, 1, map[string]map[fxdate.Date]string{"USD": nil, "AED": {eid: "Eid"}})
	if found := review(t, pool, m, noon); found != 2 {
		t.Errorf("%d legs found, want those that were not dealt on a broken date", found)
	}
	for _, row := range affected(t, pool) {
		if strings.HasPrefix(row, agreed) || !strings.HasSuffix(row, " 2 a holiday in AED (Eid)") {
			t.Errorf("listed %s", row)
		}
	}
	both := marketWith(t, 2, map[string]map[fxdate.Date]string{"USD": {eid: "Day of Mourning"}, "AED": {eid: "Eid"}})
	if found := review(t, pool, both, noon); found != 1 {
		t.Errorf("%d legs found once neither currency settles, want the agreed one", found)
	}
	if got := affected(t, pool); len(got) != 3 {
		t.Error(got)
	}
}

func TestAPairThatTheBankNoLongerDealsIsReviewedByItsCurrencies(t *testing.T) {
	pool := schema(t)
	of := traded(t, pool, "1", "EUR", "NOK")
	m := marketWith(t, 1, map[string]map[fxdate.Date]string{"USD": nil, "EUR": nil, "NOK": {fxdate.NewDate(2026, 11, 27): "Day of Mourning"}})
	if found := review(t, pool, m, noon); found != 1 {
		t.Errorf("%d legs found, want one", found)
	}
	if diff := cmp.Diff([]string{of + " 1 a holiday in NOK (Day of Mourning)"}, affected(t, pool)); diff != "" {
		t.Error(diff)
	}
}

// A calendar that is missing stops neither the review of the other pairs, nor does anybody take its pairs for reviewed.
func TestAPairWithoutACalendarIsNamedByEveryReplicaUntilItIsReviewed(t *testing.T) {
	pool := schema(t)
	traded(t, pool, "1", "EUR", "NOK")
	traded(t, pool, "2", "EUR", "USD")
	closed := map[fxdate.Date]string{fxdate.NewDate(2026, 12, 28): "Day of Mourning"}
	m := marketWith(t, 1, map[string]map[fxdate.Date]string{"EUR": nil, "USD": closed})
	r := store.Review{Pool: pool, Market: func() (*market.Market, error) { return m, nil }}
	for replica, want := range []int{1, 0} {
		found, err := r.Once(t.Context(), noon)
		var unjudged *store.UnjudgedError
		if !errors.As(err, &unjudged) || found != want || !strings.Contains(err.Error(), "1 pairs cannot be judged: EUR/NOK: static data is missing or too old: the calendar of NOK") {
			t.Errorf("replica %d: %d legs, %v", replica, found, err)
		}
	}
	if _, err := pool.Exec(t.Context(), "update calendar_review set reviewed_at = reviewed_at - interval '61 seconds'"); err != nil {
		t.Fatal(err)
	}
	m = marketWith(t, 1, map[string]map[fxdate.Date]string{"EUR": nil, "USD": closed, "NOK": closed})
	for _, want := range []int{1, 0} {
		if found := review(t, pool, m, noon); found != want {
			t.Errorf("%d legs found when the calendar is there, want %d", found, want)
		}
	}
}
