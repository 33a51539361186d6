package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/clock"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
)

// The test runs the whole service on real servers. A line check reserves the line, a what-if then finds no
// room, and the reservation expires by itself. After SIGTERM nothing of the service is left behind.
func TestALineIsReservedLapsesAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), staticData)
	peer := program.Meet(t, on.AMQP.URL, provider)

	app := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox,
		Static: mirrortest.Config(t), RatesAge: time.Hour, MaxTenorYears: 5,
	})
	stop := program.Start(t, time.Minute, app)

	if got := peer.Ask(t, wholeLine(t, "1", time.Now().Add(time.Hour))); got.Type.Name != "linecheck.completed" {
		t.Errorf("%s: %s", got.Type, got.Data)
	}
	if got := peer.Ask(t, wholeLine(t, "2", time.Now().Add(time.Minute))).Type.Name; got != "linecheck.rejected" { // the first check has reserved the whole line
		t.Error(got)
	}
	if got := peer.Ask(t, whatIf(t)); got.Type != contract.WhatIfAnswered || !strings.Contains(string(got.Data), "line_exceeded") {
		t.Errorf("%s: %s", got.Type, got.Data)
	}
	change(t, on.Postgres, "update reservation set expires_at = clock_timestamp() where state = 'RESERVED'")
	testkit.Eventually(t, "the first reservation to lapse", time.Minute, func() error { return reservedNothing(t, on.Postgres) })

	cfg := recomputation{on.Postgres}
	mustRecompute(t, cfg, 0, "every node carries what its reservations add up to")
	change(t, on.Postgres, "update node_usage set consumed = 7 where node = 'client/C000001'")
	mustRecompute(t, cfg, 1, "client/C000001 consumed: stored 7.00, reservations add up to 0")

	stop()
}

// When the bank's clock jumps, what it passes has lapsed: two days later the line is free again.
func TestAJumpOfTheBanksClockExpiresWhatIsReserved(t *testing.T) {
	on := program.OwnServers(t)
	rdb := testkit.RedisAt(t, on.Redis.URL)
	mirrortest.PublishAll(t, rdb, time.Now(), staticData)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), map[string]string{"bank": `{"offset_seconds":0}`})
	peer := program.Meet(t, on.AMQP.URL, provider)
	stop := program.Start(t, time.Minute, service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Clock: clock.Config{MayRunAhead: true},
		Static: mirrortest.Config(t), RatesAge: time.Hour, MaxTenorYears: 5,
	}))
	defer stop()
	if got := peer.Ask(t, wholeLine(t, "1", time.Now().Add(time.Hour))); got.Type.Name != "linecheck.completed" {
		t.Errorf("%s: %s", got.Type, got.Data)
	}
	if err := reservedNothing(t, on.Postgres); err == nil {
		t.Error("nothing is reserved before the jump")
	}
	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), map[string]string{"bank": `{"offset_seconds":172800}`})
	testkit.Eventually(t, "the reservation to lapse", 2*time.Minute, func() error { return reservedNothing(t, on.Postgres) })
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	for name, s := range map[string]settings{
		"STATIC_MAX_AGE":  {RatesAge: time.Hour, MaxTenorYears: 5},
		"RATES_MAX_AGE":   {Static: mirrortest.Config(t), MaxTenorYears: 5},
		"MAX_TENOR_YEARS": {Static: mirrortest.Config(t), RatesAge: time.Hour},
	} {
		if err := errors.Join(s.Static.Validate(), s.Validate()); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func mustRecompute(t *testing.T, cfg recomputation, code int, says string) {
	t.Helper()
	var out bytes.Buffer
	if got := recompute(t.Context(), cfg, &out); got != code || strings.TrimSpace(out.String()) != says {
		t.Errorf("exit code %d: %s", got, &out)
	}
}

func change(t *testing.T, cfg postgres.Config, statement string) {
	t.Helper()
	pool, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func reservedNothing(t *testing.T, cfg postgres.Config) error {
	t.Helper()
	pool, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var open int
	if err := pool.QueryRow(t.Context(), "select count(*) from reservation where state = 'RESERVED'").Scan(&open); err != nil {
		return err
	}
	if open > 0 {
		return fmt.Errorf("%d open", open)
	}
	return nil
}

// provider publishes authorised line checks and receives the answers.
var provider = amqp.Topology{
	Service: "provider",
	Queues: []amqp.Queue{{
		Name: "answers", Bindings: contract.Bindings(contract.LineCheckCompleted, contract.LineCheckRejected, contract.WhatIfAnswered),
	}},
	Publishes: []amqp.Publication{
		{Exchange: contract.LineExchange, Type: contract.LineCheckAuthorized}, {Exchange: contract.LineExchange, Type: contract.WhatIfRequested},
	},
}

// whatIf returns the question what a trade of the whole line would use.
func whatIf(t *testing.T) event.Event {
	t.Helper()
	leg := map[string]any{"side": "buy", "amount": "1000", "tenor": "SPOT"}
	e, err := event.New(contract.WhatIfRequested, event.NewID(testkit.Day, "whatif"), contract.API, "question", map[string]any{
		"question": map[string]any{"trades": []any{map[string]any{"client": "C000001", "pair": "EUR/USD", "currency": "EUR", "legs": []any{leg}}}},
		"caller":   map[string]any{"user": "U0003", "roles": []string{"operations"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Time = time.Now()
	return e
}

// wholeLine returns a line check that reserves the whole line.
func wholeLine(t *testing.T, reference string, until time.Time) event.Event {
	t.Helper()
	id := event.NewID(testkit.Day, "linecheck", reference)
	request := map[string]any{
		"check_id": id, "provider": "ALPHA", "action": "reserve", "trade_date": fxdate.NewRollover().TradeDate(time.Now()).String(), "client": "C000001",
		"pair": "EUR/USD", "currency": "EUR", "side": "buy", "amount": "1000", "tenor": "SPOT", "expires_at": until,
	}
	e, err := event.New(contract.LineCheckAuthorized, event.NewID(testkit.Day, "message", reference), "alpha", id, map[string]any{"request": request})
	if err != nil {
		t.Fatal(err)
	}
	e.Time = time.Now()
	return e
}

// staticData is a client with a line of 100, which a thousand euros use up, as datasync writes it.
var staticData = map[string]map[string]string{
	"clients":    {"C000001": `{"id":"C000001","status":"active"}`},
	"lines":      {"client/C000001": `{"currency":"USD","limit":"100"}`},
	"holdings":   {"C000001": `{"holdings":[]}`},
	"risk":       {"add_on/SPOT": `{"factor":"0.1"}`},
	"rates":      {"EUR": `{"currency":"EUR","mid":"1"}`, "USD": `{"currency":"USD","mid":"1"}`},
	"points":     {"EUR/USD": `{"points":{"1Y":"200"}}`},
	"pairs":      {"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":120,"volatility":"0.10"}`},
	"calendars":  {"EUR": noHolidays, "USD": noHolidays},
	"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
}

const noHolidays = `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`
