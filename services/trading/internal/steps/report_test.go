package steps_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
)

// reportedSpot returns an authorised report of a spot trade that was done at an instant.
func reportedSpot(t testing.TB, id, rate string, at time.Time) event.Event {
	t.Helper()
	return newEvent(t, contract.TradeAuthorized, id, map[string]any{"request": messages.Request{
		TradeID: id, Provider: "ALPHA", Reference: "R-" + id[:8], Kind: "report", TradeDate: realdata.Date(t, at.Format(time.DateOnly)).String(),
		TransactedAt: at, Client: "C000001", Product: "spot", Pair: "EUR/USD", Currency: "EUR",
		Legs:  []messages.RequestedLeg{{Side: "buy", Amount: "1000000", Rate: rate, OtherAmount: "1150713", ForwardPoints: "0"}},
		Facts: messages.Facts{ReportedTradeDate: at.Format(time.DateOnly), SpotRate: rate},
	}})
}

// record stores rates with EUR/USD at a rate, as they were at an instant.
func record(t *testing.T, h store.History, asOf time.Time, rate string) {
	t.Helper()
	directory := dealing(t).market.Directory
	rates := market.Rates{AsOf: asOf, Mids: map[string]pricing.Mid{
		"EUR": {Rate: decimal.NewFromInt(1), AsOf: asOf}, "USD": {Rate: decimal.RequireFromString(rate), AsOf: asOf},
	}}
	h.Market = func() (*market.Market, error) { return market.New(directory, rates), nil }
	h.Now = func(context.Context) (time.Time, error) { return asOf, nil }
	if err := h.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A report that comes a day late is judged by the rates that were recorded at its time, and keeps what it brings.
func TestALateReportIsJudgedByTheRecordedRates(t *testing.T) {
	pool, ids := schema(t), names(3)
	h := store.History{Pool: pool, Keep: 7 * 24 * time.Hour}
	yesterday := now.Add(-24 * time.Hour)
	record(t, h, yesterday.Add(-30*time.Second), "1.1507")
	record(t, h, yesterday.Add(10*time.Second), "1.2000")

	of := requests(dealing(t))
	results := replica(t, pool, of).Handle(t.Context(), []event.Event{
		reportedSpot(t, ids[0], "1.150713", yesterday.Add(123*time.Nanosecond)),
		reportedSpot(t, ids[1], "1.150713", yesterday.Add(11*time.Second)),
		reportedSpot(t, ids[2], "1.150713", yesterday.Add(-24*time.Hour)),
	})
	want := []string{"", "off_market", "not_judged"}
	for i, r := range results {
		if r.Err != nil || len(r.Emit) != 1 || r.Emit[0].Type != contract.TradeValidated {
			t.Fatalf("report %d: %+v", i, r)
		}
		var got struct {
			Validated messages.Validated `json:"validated"`
		}
		if err := r.Emit[0].Read(&got); err != nil {
			t.Fatal(err)
		}
		flag := ""
		for _, f := range got.Validated.Flags {
			flag += f.Flag
		}
		if flag != want[i] {
			t.Errorf("report %d: flags %+v, want %q", i, got.Validated.Flags, want[i])
		}
	}
	for _, r := range replica(t, pool, of).Handle(t.Context(), []event.Event{
		reserved(t, results[0].Emit[0], now.Add(time.Hour)), reserved(t, results[2].Emit[0], now.Add(time.Hour)),
	}) {
		if r.Err != nil || len(r.Emit) != 1 || r.Emit[0].Type != contract.TradeRegistered {
			t.Errorf("%+v", r)
		}
	}
	rows, err := pool.Query(t.Context(), `
		select t.spot_rate::text || ' ' || coalesce(t.reference_rate::text, 'none') || ' ' || l.forward_points || ' ' || l.rate || ' ' || jsonb_array_length(t.flags)
		from trade t join trade_leg l on l.trade_id = t.id order by t.trade_date desc`)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(kept) != 2 || kept[0] != "1.150713 1.1507 0 1.150713 0" || kept[1] != "1.150713 none 0 1.150713 1" {
		t.Errorf("%q, %v", kept, err)
	}
}

// A report has no market to be judged by yet: it is a fact, so it waits and is not refused.
func TestAReportWaitsForStaticData(t *testing.T) {
	e := reportedSpot(t, names(1)[0], "1.150713", now.Add(-10*time.Second))
	if emitted, err := tryDecide(requests(static{err: market.ErrNoData}), e); len(emitted) > 0 || !amqp.Waits(err) {
		t.Errorf("%v, %v", emitted, err)
	}
	if emitted, err := tryDecide(at(now.Add(25*time.Hour), requests(dealing(t))), e); err != nil || len(emitted) != 1 || emitted[0].Type != contract.TradeValidated {
		t.Errorf("old data: %v, %v", emitted, err)
	}
	if !steps.Topology().Queues[0].Waits {
		t.Error("thousands of reports may wait, and each comes back every second")
	}
}

// The flags of a reported trade reach on-call in the log, and everybody else in trade.registered.
func TestAFlaggedReportIsLoggedWhenItIsRegistered(t *testing.T) {
	var out bytes.Buffer
	of := requestsLogging(dealing(t), slog.New(slog.NewTextHandler(&out, nil)))
	e := reportedSpot(t, names(1)[0], "1.150713", now.Add(-10*time.Second))
	validated := decide(t, of, e)[0]
	if out.Len() > 0 {
		t.Errorf("it is not done yet: %s", out.String())
	}
	registered := decide(t, of, reserved(t, validated, now.Add(time.Hour)))[0]
	var told struct {
		Validated messages.Validated `json:"validated"`
	}
	if err := registered.Read(&told); err != nil || len(told.Validated.Flags) != 1 || told.Validated.Flags[0].Flag != "off_market" {
		t.Errorf("%+v, %v", told, err)
	}
	for _, part := range []string{"level=WARN", "flag=off_market", "trade=" + e.Correlation, "provider=ALPHA", told.Validated.Flags[0].Text} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the log lacks %q: %s", part, out.String())
		}
	}
}

// What auth and linecheck have flagged is trading's, too: in the row, in the log, and in trade.registered, which everybody else reads. A
// report is registered however late it is, and its own trade date is kept.
func TestAReportHasTheFlagsOfAllServices(t *testing.T) {
	var out bytes.Buffer
	pool, id := schema(t), names(1)[0]
	of := requestsLogging(dealing(t), slog.New(slog.NewTextHandler(&out, nil)))
	h := of.Handler(pool, "trading/1", testkit.Log(t))
	authorized := reportedSpot(t, id, "1.150713", now.Add(-10*time.Second))
	data, err := contract.WithSection(authorized.Data, "authorized", map[string]any{"flags": []any{map[string]any{"flag": "client_blocked", "text": "it is blocked"}}})
	if err != nil {
		t.Fatal(err)
	}
	authorized.Data, authorized.Deadline = data, now.Add(-time.Second)
	one := func(e event.Event) event.Event {
		results := h.Handle(t.Context(), []event.Event{e})
		if results[0].Err != nil || len(results[0].Emit) != 1 {
			t.Fatalf("%s: %+v", e.Type, results)
		}
		return results[0].Emit[0]
	}
	validated := one(authorized)
	data, err = contract.WithSection(validated.Data, "reserved", map[string]any{
		"expires_at": now.Add(-time.Minute), "basis": map[string]any{"flags": []any{map[string]any{"flag": "over_line", "text": "line_exceeded: short by 1"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	late, err := validated.Next(contract.TradeReserved, data)
	if err != nil {
		t.Fatal(err)
	}
	registered := one(late)
	var told struct {
		Registered messages.Registered `json:"registered"`
	}
	if err := registered.Read(&told); err != nil || registered.Type != contract.TradeRegistered {
		t.Fatalf("%s: %v", registered.Data, err)
	}
	var row, date string
	const sql = "select string_agg(f ->> 'flag' || ' ' || (f ->> 'leg'), ', '), min(reported_trade_date)::text from trade, jsonb_array_elements(flags) f"
	if err := pool.QueryRow(t.Context(), sql).Scan(&row, &date); err != nil {
		t.Fatal(err)
	}
	if want := "client_blocked 0, off_market 1, over_line 0"; row != want || date != now.Format(time.DateOnly) {
		t.Errorf("the row has %q of %s", row, date)
	}
	for i, name := range []string{"client_blocked", "off_market", "over_line"} {
		if len(told.Registered.Flags) != 3 || told.Registered.Flags[i].Flag != name {
			t.Errorf("told %+v", told.Registered.Flags)
		}
		if !strings.Contains(out.String(), "flag="+name) {
			t.Errorf("the log lacks %s: %s", name, out.String())
		}
	}
}
