package feed_test

import (
	"testing"
	"time"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/market"
	"fxcore/services/market/feed"
)

// Sets as the release before wrote them stay in Redis until the mainframe changes them.
func TestSetsOfTheReleaseBeforeMeanWhatTheyMeant(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	publish(t, rdb, "pairs", 2, map[string]string{
		"EUR/USD": `{"pair":"EUR/USD","spot_lag":2,"rate_decimals":5,"points_factor":10000,"tolerance":"0.005","max_rate_age_seconds":300,"volatility":"0.075"}`,
	})
	publish(t, rdb, "currencies", 2, map[string]string{
		"EUR": `{"currency":"EUR","minor_units":2,"deposit_rate":"0.0200"}`, "USD": `{"currency":"USD","minor_units":2,"deposit_rate":"0.0385"}`,
	})
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour))
	m, err := static.Market()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := m.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	if got := pair.HalfSpread.Mul(pair.Band).String(); got != "0.005" {
		t.Errorf("the tolerance is %s", got)
	}
	if got := pair.TradeDate(time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)).String(); got != "2026-11-25" || pair.BrokenDates {
		t.Errorf("at 17:00 in New York the trade date is %s, broken dates are allowed: %v", got, pair.BrokenDates)
	}
	if _, err := m.Reference(pair); err != nil {
		t.Error(err)
	}
}

func TestTheNewFormOfAToleranceCountsWhereThereAreBoth(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	publish(t, rdb, "pairs", 2, map[string]string{
		"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":300,"tolerance":"0.5"}`,
	})
	m, err := mirrortest.Follow(t, feed.Open(rdb, time.Hour)).Market()
	if err != nil {
		t.Fatal(err)
	}
	var pair *market.Pair
	if pair, err = m.Pair("EUR/USD"); err != nil || pair.HalfSpread.Mul(pair.Band).String() != "0.00075" {
		t.Errorf("%v, %v", pair, err)
	}
}
