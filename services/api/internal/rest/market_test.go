package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/market/feed"
)

// noon is a Tuesday. Thursday of that week is a holiday in the United States.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// withMarket gives the bench static data, and a bank's clock that stands at noon.
func withMarket(t *testing.T, b *bench) {
	t.Helper()
	rdb := testkit.Redis(t)
	weekends := `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{`
	mirrortest.PublishAll(t, rdb, noon, map[string]map[string]string{
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"pairs":      {"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":300}`},
		"calendars":  {"EUR": weekends + `}}`, "USD": weekends + `"2026-11-26":"Thanksgiving Day"}}`},
		"points":     {},
		"rates":      {"EUR": `{"mid":"1","as_of":"2026-11-24T11:59:00Z"}`, "USD": `{"mid":"1.1172","as_of":"2026-11-24T11:58:00Z"}`},
	})
	b.static = mirrortest.Follow(t, feed.Open(rdb, time.Hour))
	b.clock = func() time.Time { return noon }
}

func TestRatesHaveTheirAge(t *testing.T) {
	b := setUp(t, withMarket)
	got := read[struct {
		Rates []struct {
			Pair, Mid  string
			AgeSeconds int `json:"age_seconds"`
			Usable     bool
		}
	}](t, b.call(http.MethodGet, "/v1/rates", narrow, nil), http.StatusOK)
	if len(got.Rates) != 1 || got.Rates[0].Pair != "EUR/USD" || got.Rates[0].Mid != "1.1172" || got.Rates[0].AgeSeconds != 120 || !got.Rates[0].Usable {
		t.Errorf("%+v", got)
	}
	b.call(http.MethodGet, "/v1/rates?pair=EUR/XXX", narrow, nil).is(t, http.StatusUnprocessableEntity, "unknown_pair")
}

func TestPairsHaveTheirDates(t *testing.T) {
	b := setUp(t, withMarket)
	got := read[struct {
		Pairs []struct {
			Pair      string
			TradeDate string `json:"trade_date"`
			SpotDate  string `json:"spot_date"`
		}
	}](t, b.call(http.MethodGet, "/v1/pairs", trader, nil), http.StatusOK)
	if len(got.Pairs) != 1 || got.Pairs[0].TradeDate != "2026-11-24" || got.Pairs[0].SpotDate != "2026-11-27" {
		t.Errorf("%+v", got)
	}
}

// The answer says why the date is not another one.
func TestAValueDateIsExplained(t *testing.T) {
	b := setUp(t, withMarket)
	got := read[struct {
		SpotDate  string `json:"spot_date"`
		ValueDate string `json:"value_date"`
		Closures  []string
	}](t, b.call(http.MethodGet, "/v1/value-dates?pair=EUR/USD&tenor=1W", trader, nil), http.StatusOK)
	if got.SpotDate != "2026-11-27" || got.ValueDate != "2026-12-04" || !strings.Contains(strings.Join(got.Closures, "\n"), "2026-11-26: a holiday in USD (Thanksgiving Day)") {
		t.Errorf("%+v", got)
	}
	b.call(http.MethodGet, "/v1/value-dates?pair=EUR/USD&tenor=XX", trader, nil).is(t, http.StatusUnprocessableEntity, "invalid")
	b.call(http.MethodGet, "/v1/value-dates?pair=EUR/USD&tenor=TN", trader, nil)
	b.call(http.MethodGet, "/v1/value-dates?pair=EUR/USD", trader, nil).is(t, http.StatusUnprocessableEntity, "invalid")
}

func TestWithoutStaticDataTheMarketIsNotServed(t *testing.T) {
	b := setUp(t)
	b.call(http.MethodGet, "/v1/rates", trader, nil).is(t, http.StatusServiceUnavailable, "no_static_data")
}
