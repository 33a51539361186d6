package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fxcore/services/api/internal/blotter"
)

type list struct {
	Trades   []blotter.Trade
	Next     string
	Position string
}

func (l list) ids() (ids []string) {
	for _, t := range l.Trades {
		ids = append(ids, t.ID)
	}
	return ids
}

// The pages of a list have every trade once.
func TestPagesHaveEveryTradeOnce(t *testing.T) {
	b := setUp(t)
	const trades = 7
	for i := range trades {
		b.register(id(fmt.Sprint(i)), "FXS1")
	}
	var all []string
	path := "/v1/trades?limit=3&client=C000900"
	for range trades {
		a := b.call(http.MethodGet, path, operator, nil)
		page := read[list](t, a, http.StatusOK)
		all = append(all, page.ids()...)
		if page.Next == "" {
			break
		}
		link := a.Header.Get("Link")
		path = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		if !strings.Contains(path, "client=C000900") {
			t.Fatalf("the next page has other filters: %s", link)
		}
	}
	slices.Sort(all)
	if len(all) != trades || len(slices.Compact(all)) != trades {
		t.Errorf("%d trades: %v", len(all), all)
	}
}

func TestFiltersSelect(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	b.register(id("2"), "FXS2")
	for filter, want := range map[string]int{
		"": 2, "?desk=FXS1": 1, "?state=registered": 2, "?state=booked": 0, "?pair=EUR/USD&product=spot": 2, "?client=C000001": 0,
		"?from=2026-11-24&to=2026-11-24": 2, "?from=2026-11-25": 0, "?provider=API": 2, "?provider=ALPHA": 0,
	} {
		if got := read[list](t, b.call(http.MethodGet, "/v1/trades"+filter, operator, nil), http.StatusOK); len(got.Trades) != want {
			t.Errorf("%s: %d trades, want %d", filter, len(got.Trades), want)
		}
	}
}

// A trader sees the trades of the own desk, and no sign of others.
func TestADeskSeesItsOwnTrades(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	if got := read[list](t, b.call(http.MethodGet, "/v1/trades", trader, nil), http.StatusOK); len(got.Trades) != 1 {
		t.Errorf("own desk: %d trades", len(got.Trades))
	}
	for _, path := range []string{"/v1/trades", "/v1/trades?desk=FXS1"} {
		if got := read[list](t, b.call(http.MethodGet, path, other, nil), http.StatusOK); len(got.Trades) != 0 {
			t.Errorf("another desk, %s: %d trades", path, len(got.Trades))
		}
	}
	b.call(http.MethodGet, "/v1/trades/"+id("1"), other, nil).is(t, http.StatusNotFound, "not_found")
	b.call(http.MethodGet, "/v1/trades/"+id("9"), other, nil).is(t, http.StatusNotFound, "not_found")
}

func TestATradeHasItsLegsAndItsHistory(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	a := b.call(http.MethodGet, "/v1/trades/"+id("1"), trader, nil)
	got := read[struct {
		blotter.Trade
		History []blotter.Entry
	}](t, a, http.StatusOK)
	if len(got.Legs) != 1 || len(got.History) != 1 || got.History[0].Event != "trade.registered" || a.Header.Get("ETag") != `"1"` {
		t.Errorf("%s, %+v", a.Header.Get("ETag"), got)
	}
}

func TestWhatIsNotValidIsNamedAndNotEchoed(t *testing.T) {
	b := setUp(t)
	for path, code := range map[string]string{
		"/v1/trades?limit=0": "invalid", "/v1/trades?cursor=secret": "cursor_unknown", "/v1/trades?unknown=secret": "invalid",
		"/v1/trades?from=secret": "invalid", "/v1/trades/secret": "invalid",
	} {
		a := b.call(http.MethodGet, path, trader, nil)
		a.is(t, http.StatusUnprocessableEntity, code)
		if strings.Contains(string(a.Body), "secret") {
			t.Errorf("%s echoes: %s", path, a.Body)
		}
	}
}

// A system sees the trades of the client for which it acts.
func TestASystemSeesItsClientsTrades(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	for filter, want := range map[string]int{"": 1, "?client=C000900": 1, "?client=C000901": 0} {
		if got := read[list](t, b.call(http.MethodGet, "/v1/trades"+filter, system, nil), http.StatusOK); len(got.Trades) != want {
			t.Errorf("%s: %d trades, want %d", filter, len(got.Trades), want)
		}
	}
}

// Positions are numbers: 100 comes after 9.
func TestTradesAreInTheOrderInWhichTheyChanged(t *testing.T) {
	b := setUp(t)
	for _, changed := range []string{"9", "100", "10"} {
		b.register(id(changed), "FXS1")
		if _, err := b.Pool.Exec(t.Context(), "update trade set changed = $1::text::xid8 where id = $2", changed, id(changed)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{id("100"), id("10"), id("9")}
	if got := read[list](t, b.call(http.MethodGet, "/v1/trades", operator, nil), http.StatusOK).ids(); !slices.Equal(got, want) {
		t.Errorf("the list: %v, want %v", got, want)
	}
	changes, _, err := b.Model.Changes(t.Context(), 0, 1000, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range changes {
		got = append(got, f.ID)
	}
	slices.Reverse(want)
	if !slices.Equal(got, want) {
		t.Errorf("the stream: %v, want %v", got, want)
	}
}
