package feed_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/feed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var asOf = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// publish writes a version of a set, in the form in which datasync writes it.
func publish(t *testing.T, rdb *redis.Client, set string, version int64, records map[string]string) {
	t.Helper()
	mirrortest.Publish(t, rdb, set, version, asOf, records)
}

func publishAll(t *testing.T, rdb *redis.Client) {
	t.Helper()
	publishNeeded(t, rdb)
	publish(t, rdb, "points", 1, map[string]string{"EUR/USD": `{"pair":"EUR/USD","points":{"1M":"13.5"},"as_of":"2026-11-24T09:00:00Z"}`})
	publish(t, rdb, "quotes", 1, map[string]string{"Q1": quote})
}

// publishNeeded publishes the sets without which there is no market.
func publishNeeded(t *testing.T, rdb *redis.Client) {
	t.Helper()
	weekends := `"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}]`
	publish(t, rdb, "currencies", 1, map[string]string{
		"EUR": `{"currency":"EUR","minor_units":2,"deposit_rate":"0.0200"}`,
		"USD": `{"currency":"USD","minor_units":2,"deposit_rate":"0.0425","cut_offs":[{"from":"1999-01-01","days_before":0,"at":"17:00","zone":"America/New_York"}]}`,
	})
	publish(t, rdb, "pairs", 1, map[string]string{
		"EUR/USD": `{"pair":"EUR/USD","spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","points_spread":"0.00004","band":25,"client_band":"5","max_rate_age_seconds":120,"volatility":"0.10","broken_dates":true,"rolls":[{"from":"1999-01-01","at":"07:00","zone":"Pacific/Auckland"}]}`,
	})
	publish(t, rdb, "calendars", 1, map[string]string{
		"EUR": `{"currency":"EUR",` + weekends + `,"holidays":{"2026-12-25":"Christmas Day"}}`,
		"USD": `{"currency":"USD",` + weekends + `,"holidays":{"2026-11-26":"Thanksgiving Day"}}`,
	})
	publish(t, rdb, "rates", 1, rates("1.1172"))
}

const quote = `{"pair":"EUR/USD","product":"spot","side":"buy","currency":"EUR","amount":"1000000","rate":"1.1173","tenor":"SPOT","client":"","provider":"ALPHA","published_at":"2026-11-24T10:00:00Z","valid_until":"2026-11-24T10:03:00Z"}`

func rates(dollar string) map[string]string {
	return map[string]string{
		"EUR": `{"currency":"EUR","mid":"1","as_of":"2026-11-24T10:00:00Z"}`,
		"USD": `{"currency":"USD","mid":"` + dollar + `","as_of":"2026-11-24T09:59:58Z"}`,
	}
}

func TestTheMarketIsWhatLiesInRedis(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour).WithQuotes(rdb))
	m, err := static.Market()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := m.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	if pair.Decimals != 5 || pair.MaxRateAge != 2*time.Minute || !pair.Quote.DepositRate.Equal(decimal.RequireFromString("0.0425")) {
		t.Errorf("pair %+v", pair)
	}
	reference, err := m.Reference(pair)
	if err != nil || reference.Rate.String() != "1.1172" || !reference.AsOf.Equal(asOf.Add(-2*time.Second)) {
		t.Errorf("reference %+v, %v", reference, err)
	}
	if !pair.BrokenDates || !decimal.Decimal(pair.Tolerance(0)).Equal(decimal.RequireFromString("0.00075")) {
		t.Errorf("broken dates %v, tolerance %s", pair.BrokenDates, pair.Tolerance(0).Percent())
	}
	if got := decimal.Decimal(pair.ClientTolerance(0)); !got.Equal(decimal.RequireFromString("0.00015")) {
		t.Errorf("a client may gain %s", got)
	}
	if got := decimal.Decimal(pair.PointsTolerance(365)); !got.Equal(decimal.RequireFromString("0.0002")) {
		t.Errorf("the points of a year may be off by %s", got)
	}
	if got := pair.TradeDate(asOf.Add(9 * time.Hour)); got.String() != "2026-11-25" { // 08:00 in Auckland
		t.Errorf("trade date %s", got)
	}
	until, currency, found, err := pair.Deadline(fxdate.NewDate(2026, 11, 27))
	if want := time.Date(2026, 11, 27, 22, 0, 0, 0, time.UTC); !found || currency != "USD" || !until.Equal(want) || err != nil {
		t.Errorf("%s settles until %s, %v, %v", currency, until, found, err)
	}
	if q, found := m.Quote("Q1"); !found || q.Side != "buy" || q.Tenor.String() != "SPOT" || q.Provider != "ALPHA" || !q.Published.Equal(asOf) || !q.ValidUntil.Equal(asOf.Add(3*time.Minute)) {
		t.Errorf("quote %+v", q)
	}
	if spot, err := pair.Dates.Spot(fxdate.NewDate(2026, 11, 24)); err != nil || spot.String() != "2026-11-27" {
		t.Errorf("spot %s, %v", spot, err)
	}
	if at, err := m.PointsAsOf(pair); err != nil || !at.Equal(asOf.Add(-time.Hour)) {
		t.Errorf("points as of %s, %v", at, err)
	}
	if m.Usable(asOf.Add(time.Hour)) != nil || m.Usable(asOf.Add(time.Hour+1)) == nil {
		t.Error("the age is not bounded at the hour")
	}
}

func TestTheMarketIsMadeAnewOnlyWhenASetHasChanged(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour).WithQuotes(rdb))
	first, _ := static.Market()
	if again, _ := static.Market(); again != first {
		t.Error("nothing has changed, but the market is another")
	}
	publish(t, rdb, "rates", 2, rates("1.1200"))
	testkit.Eventually(t, "the new rate", 20*time.Second, func() error {
		m, err := static.Market()
		if err != nil {
			return err
		}
		if pair, _ := m.Pair("EUR/USD"); pair != nil {
			if reference, _ := m.Reference(pair); reference.Rate.String() == "1.12" {
				return nil
			}
		}
		return errors.New("still the old rate")
	})
	if second, _ := static.Market(); second.Directory != first.Directory {
		t.Error("a new rate joined pairs and calendars again")
	}
}

func TestWithoutASetThereIsNoMarket(t *testing.T) {
	static := feed.Open(testkit.Redis(t), time.Hour)
	if static.Ready(t.Context()) == nil {
		t.Error("ready without data")
	}
	if _, err := static.Market(); !errors.Is(err, market.ErrNoData) {
		t.Errorf("market without data: %v", err)
	}
}

func TestAnUnreadableRecordRefusesItsVersion(t *testing.T) {
	cases := map[string]struct{ set, id, record, says string }{
		"minor units are missing":   {"currencies", "EUR", `{"deposit_rate":"0.02"}`, "minor_units must be 0 to 4"},
		"a deposit rate in percent": {"currencies", "EUR", `{"minor_units":2,"deposit_rate":"2.0"}`, "deposit_rate is a fraction"},
		"a pair without a slash":    {"pairs", "EURUSD", `{}`, "BASE/QUOTE"},
		"too many decimals":         {"pairs", "EUR/USD", `{"rate_decimals":9}`, "rate_decimals must be 0 to 8"},
		"no band":                   {"pairs", "EUR/USD", `{"points_factor":1,"half_spread":"0.0001","max_rate_age_seconds":1}`, "must be positive"},
		"a roll at no time":         {"pairs", "EUR/USD", `{"points_factor":1,"half_spread":"0.0001","band":25,"max_rate_age_seconds":1,"rolls":[{"from":"1999-01-01","at":"soon","zone":"UTC"}]}`, `roll: time of day "soon"`},
		"a cut-off in no place":     {"currencies", "EUR", `{"minor_units":2,"cut_offs":[{"from":"1999-01-01","at":"16:00","zone":"Atlantis"}]}`, "cut-off: time of day 16:00"},
		"a quote of no side":        {"quotes", "Q1", `{"amount":"1","rate":"1","tenor":"SPOT","valid_until":"2026-11-24T10:03:00Z"}`, "side is neither"},
		"a quote for ever":          {"quotes", "Q1", `{"side":"buy","amount":"1","rate":"1","tenor":"SPOT"}`, "no valid_until"},
		"a quote for no date":       {"quotes", "Q1", `{"side":"buy","amount":"1","rate":"1","valid_until":"2026-11-24T10:03:00Z"}`, "either a tenor or a value date"},
		"a mid that is no number":   {"rates", "USD", `{"mid":"a lot"}`, "record USD"},
		"no weekend":                {"calendars", "EUR", `{"holidays":{}}`, "no weekend rule"},
		"an unknown day":            {"calendars", "EUR", `{"weekends":[{"from":"1999-01-01","days":["Soon"]}]}`, `"Soon" is no day`},
		"a weekend from nowhere":    {"calendars", "EUR", `{"weekends":[{"from":"ever"}]}`, "weekend: date"},
		"a holiday on no date":      {"calendars", "EUR", `{"weekends":[{"from":"1999-01-01","days":["Sat"]}],"holidays":{"2026-02-30":"Never"}}`, `holiday "Never"`},
	}
	for rule, c := range cases {
		t.Run(rule, func(t *testing.T) {
			rdb := testkit.Redis(t)
			publish(t, rdb, c.set, 1, map[string]string{c.id: c.record})
			static := feed.Open(rdb, time.Hour).WithQuotes(rdb)
			testkit.Background(t, static.Run)
			mirrortest.AwaitFault(t, static, c.says)
		})
	}
}

func TestAFaultyVersionLeavesTheOneBefore(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour).WithQuotes(rdb))
	publish(t, rdb, "rates", 2, rates("a lot"))
	mirrortest.AwaitFault(t, static, "record USD")
	if m, err := static.Market(); err != nil || m == nil {
		t.Errorf("the version before is gone: %v", err)
	}
}

// A mainframe of an older release has neither quotes nor points.
func TestWithoutQuotesAndPointsThereIsAMarket(t *testing.T) {
	rdb := testkit.Redis(t)
	publishNeeded(t, rdb)
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour).WithQuotes(rdb))
	m, err := static.Market()
	if err != nil {
		t.Fatal(err)
	}
	if _, found := m.Quote("Q1"); found {
		t.Error("a quote from nowhere")
	}
	pair, err := m.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.PointsAsOf(pair); !errors.Is(err, market.ErrNoData) {
		t.Errorf("points from nowhere: %v", err)
	}
	mirrortest.AwaitFault(t, static, "points")
	publishAll(t, rdb)
	testkit.Eventually(t, "the points and quotes that came later", 20*time.Second, func() error {
		m, err := static.Market()
		if err != nil {
			return err
		}
		if _, found := m.Quote("Q1"); !found {
			return errors.New("no quote yet")
		}
		_, err = m.PointsAsOf(pair)
		return err
	})
}

// A tenor that cannot be read is left out and logged; the others stay. A curve without a readable tenor is no parity.
func TestABadTenorIsLeftOutAndLogged(t *testing.T) {
	rdb := testkit.Redis(t)
	publishNeeded(t, rdb)
	publish(t, rdb, "points", 1, map[string]string{
		"EUR/USD": `{"points":{"1M":"13.5","1X":"99","2M":"many"}}`, "GBP/USD": `{"points":{"3Q":"1"}}`, "USD/JPY": `{"points":7}`,
	})
	log := &safeBuffer{}
	static := mirrortest.Follow(t, feed.Open(rdb, time.Hour).Logging(slog.New(slog.NewTextHandler(log, nil))))
	m, err := static.Market()
	if err != nil {
		t.Fatal(err)
	}
	month, _ := fxdate.ParseTenor("1M")
	curves := m.Rates().Curves
	if len(curves["EUR/USD"]) != 1 || curves["EUR/USD"][month].String() != "13.5" || curves["GBP/USD"] == nil || curves["USD/JPY"] == nil {
		t.Errorf("%+v", curves)
	}
	for _, part := range []string{"forward points are left out", "1X", "2M", "3Q", "USD/JPY"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("the log lacks %q: %s", part, log)
		}
	}
	mirrortest.AwaitFault(t, static, "1X")
}

// safeBuffer is a log that one goroutine writes and another reads.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
