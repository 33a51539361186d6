package directory_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/market"
)

// The sets, in the form in which datasync writes them.
var sets = map[string]map[string]string{
	"clients": {"C000001": `{"id":"C000001","name":"Aster Mills","group":"G0001","status":"active","desk":"FXS1","country":"DE"}`},
	"lines": {
		"client/C000001": `{"node":"client/C000001","currency":"USD","limit":"1000","settlement_limit":"500","clip":"50.5","max_tenor":"1Y"}`,
		"group/G0001":    `{"node":"group/G0001","currency":"USD","limit":"2000","settlement_limit":"","clip":""}`,
		"desk/FXS1":      `{"node":"desk/FXS1","currency":"USD","limit":"3000"}`,
	},
	"holdings": {"C000001": `{"client":"C000001","holdings":[
		{"kind":"cash","id":"","currency":"USD","quantity":"100","price":"","issuer":"","rating":"","residual_years":"","priced_at":"","index":false},
		{"kind":"bond","id":"B1","currency":"USD","quantity":"10","price":"10","issuer":"sovereign","rating":"AA","residual_years":"0.5","priced_at":"` + now() + `"},
		{"kind":"bond","id":"B2","currency":"USD","quantity":"10","price":"10","issuer":"sovereign","rating":"AA","residual_years":3,"priced_at":"` + now() + `"},
		{"kind":"stock","id":"S1","currency":"USD","quantity":"10","price":"10","index":true,"priced_at":"` + now() + `"},
		{"kind":"stock","id":"S2","currency":"USD","quantity":"10","price":"10","issuer":"G0001","index":true,"priced_at":"` + now() + `"},
		{"kind":"stock","id":"S3","currency":"USD","quantity":"10","price":"10","index":true}]}`},
	"risk": {
		"add_on/1M": `{"factor":"0.057"}`, "add_on/1W": `{"factor":"0.028"}`,
		"haircut/cash": `{"haircut":"0"}`, "haircut/sovereign_1y": `{"haircut":"0.005"}`, "haircut/sovereign_5y": `{"haircut":"0.02"}`, "haircut/index_equity": `{"haircut":"0.15"}`,
		"something/new": `{"of":"no concern"}`,
	},
	"rates":      {"USD": `{"currency":"USD","mid":"1.25","as_of":"2026-11-24T10:00:00Z"}`, "EUR": `{"currency":"EUR","mid":"1"}`},
	"pairs":      {"EUR/USD": `{"pair":"EUR/USD","spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":300,"volatility":"0.10"}`},
	"currencies": {"USD": `{"minor_units":2,"deposit_rate":"0.0425"}`, "EUR": `{"minor_units":2,"deposit_rate":"0.02"}`},
	"calendars":  {"USD": `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}]}`, "EUR": `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}]}`},
	"points":     {"EUR/USD": `{"points":{"1M":"15.5"}}`},
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

func publishAll(t *testing.T, rdb *redis.Client) {
	t.Helper()
	mirrortest.PublishAll(t, rdb, time.Now(), sets)
}

// tenors compares tenors as Go does.
var tenors = cmpopts.EquateComparable(fxdate.Tenor{})

var hour = directory.Ages{Rates: time.Hour, Static: time.Hour}

func TestLinesAreWhatLiesInRedis(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	static := mirrortest.Follow(t, directory.Open(rdb, hour))
	s, err := static.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := s.Lines(line.Path{Group: "G0001", Desk: "FXS1", Client: "C000001"})
	if err != nil {
		t.Fatal(err)
	}
	want := []line.Line{
		{Node: line.Node{Level: line.Group, ID: "G0001"}, Limit: line.Limit{Amount: dec("2000")}, Pledged: []line.Pledge{{Client: "C000001", Value: dec("382.5")}}},
		{Node: line.Node{Level: line.Desk, ID: "FXS1"}, Limit: line.Limit{Amount: dec("3000")}},
		{
			Node:       line.Node{Level: line.Client, ID: "C000001"},
			Limit:      line.Limit{Amount: dec("1000"), Settlement: decimal.NewNullDecimal(dec("500")), Clip: decimal.NewNullDecimal(dec("50.5")), MaxTenor: fxdate.Years(1)},
			Collateral: dec("382.5"), // 100 cash + 99.5 + 98 bonds + 85 stock; own shares and a stock without a price time count nothing
		},
	}
	if diff := cmp.Diff(want, lines, tenors); diff != "" {
		t.Error(diff)
	}
	if len(s.AddOns) != 2 || s.Clients["C000001"].Desk != "FXS1" {
		t.Errorf("add-ons %v, clients %v", s.AddOns, s.Clients)
	}
	for _, order := range [][2]string{{"EUR", "USD"}, {"USD", "EUR"}} {
		if p, err := s.Pair(order[0], order[1]); err != nil || p.Name != "EUR/USD" || !p.Quote.DepositRate.Equal(dec("0.0425")) {
			t.Errorf("%v: %+v, %v", order, p, err)
		}
	}
	var missing *line.MissingError
	if _, err := s.Lines(line.Path{Client: "C000099"}); !errors.As(err, &missing) || !strings.Contains(err.Error(), "line of client/C000099") {
		t.Errorf("a client without a line: %v", err)
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestCollateralFollowsTheRatesAndIsKeptWhileTheyStay(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	mirrortest.Publish(t, rdb, "risk", 2, time.Now(), map[string]string{"haircut/cash": `{"haircut":"0"}`, "haircut/currency_mismatch": `{"haircut":"0.08"}`, "add_on/1W": `{"factor":"0.028"}`})
	mirrortest.Publish(t, rdb, "holdings", 2, time.Now(), map[string]string{"C000001": `{"holdings":[{"kind":"cash","currency":"EUR","quantity":"100"}]}`})
	static := mirrortest.Follow(t, directory.Open(rdb, hour))
	first, err := static.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := static.Snapshot(); again != first {
		t.Error("a new snapshot although nothing has changed")
	}
	if got := first.CollateralOf("C000001"); !got.Equal(dec("115")) {
		t.Errorf("100 euros at 1.25 less 8 %%: %s", got)
	}
	mirrortest.Publish(t, rdb, "rates", 2, time.Now(), map[string]string{"EUR": `{"mid":"1"}`, "USD": `{"mid":"1.5"}`})
	testkit.Eventually(t, "the new rate", 20*time.Second, func() error {
		s, err := static.Snapshot()
		if err == nil && !s.CollateralOf("C000001").Equal(dec("138")) {
			err = errors.New(s.CollateralOf("C000001").String())
		}
		return err
	})
	if got := first.CollateralOf("C000001"); !got.Equal(dec("115")) {
		t.Errorf("the old snapshot has changed: %s", got)
	}
}

func TestWithoutDataOrWithOldDataNothingIsDecided(t *testing.T) {
	rdb := testkit.Redis(t)
	var missing *line.MissingError
	empty := directory.Open(rdb, hour)
	if _, err := empty.Snapshot(); !errors.Is(err, market.ErrNoData) || empty.Ready(t.Context()) == nil {
		t.Errorf("nothing loaded: %v", err)
	}
	publishAll(t, rdb)
	for set, ages := range map[string]directory.Ages{"rates": {Rates: time.Nanosecond, Static: time.Hour}, "lines": {Rates: time.Hour, Static: time.Nanosecond}} {
		static := mirrortest.Follow(t, directory.Open(rdb, ages))
		if _, err := static.Snapshot(); !errors.As(err, &missing) || !strings.Contains(err.Error(), "recent enough to decide on") {
			t.Errorf("%s too old: %v", set, err)
		}
	}
}

func TestAnUnreadableRecordRefusesItsSet(t *testing.T) {
	for set, record := range map[string][2]string{
		"lines":    {"client/C1", `{"currency":"EUR"}`},
		"risk":     {"add_on/1W", `{"factor":"0"}`},
		"pairs":    {"EURUSD", `{"volatility":"0.1"}`},
		"rates":    {"USD", `{"mid":"a lot"}`},
		"holdings": {"C1", `{"holdings":5}`},
	} {
		t.Run(set, func(t *testing.T) {
			rdb := testkit.Redis(t)
			publishAll(t, rdb)
			mirrortest.Publish(t, rdb, set, 2, time.Now(), map[string]string{record[0]: record[1]})
			static := directory.Open(rdb, hour)
			testkit.Background(t, static.Run)
			mirrortest.AwaitFault(t, static, "record "+record[0])
			if static.Ready(t.Context()) == nil {
				t.Error("the version was taken")
			}
		})
	}
}

func TestALimitInAnotherCurrencyIsConvertedAndOneBadLineLeavesTheOthers(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	mirrortest.Publish(t, rdb, "lines", 2, time.Now(), map[string]string{
		"client/C000001": `{"currency":"EUR","limit":"1000.01","settlement_limit":"7","clip":"3"}`,
		"client/C000002": `{"currency":"DKK","limit":"1000"}`,
		"client/C000003": `{"currency":"USD","limit":"much"}`,
		"desk/FXS1":      `{"currency":"USD","limit":"3000"}`,
	})
	static := mirrortest.Follow(t, directory.Open(rdb, hour))
	mirrortest.AwaitFault(t, static, "1 bad records are left out: record client/C000003")
	s, err := static.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := s.Lines(line.Path{Desk: "FXS1", Client: "C000001"})
	if err != nil {
		t.Fatal(err)
	}
	want := line.Line{
		Node:       line.Node{Level: line.Client, ID: "C000001"},
		Limit:      line.Limit{Amount: dec("1250.01"), Settlement: decimal.NewNullDecimal(dec("8.75")), Clip: decimal.NewNullDecimal(dec("3.75"))},
		Stated:     line.Stated{Amount: dec("1000.01"), Currency: "EUR"},
		Collateral: dec("382.5"),
	}
	if diff := cmp.Diff(want, lines[1], tenors); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Lines(line.Path{Client: "C000002"}); !errors.Is(err, market.ErrNoData) || !strings.Contains(err.Error(), "no rate from DKK to USD") {
		t.Errorf("a limit in a currency without a rate: %v", err)
	}
}
