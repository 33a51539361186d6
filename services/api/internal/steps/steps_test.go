package steps_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/api/internal/steps"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

// publishers are the packages whose samples the steps read.
var publishers = map[event.Type][]string{
	contract.TradeRegistered:   {"services/trading/internal/messages"},
	contract.TradeRejected:     {"services/auth/internal/messages", "services/trading/internal/messages", "services/linecheck/internal/messages"},
	contract.TradeAssigned:     {"services/responsibility/internal/messages"},
	contract.TradeBooked:       {"gateways/mainframe/internal/messages"},
	contract.TradeRefused:      {"gateways/mainframe/internal/messages"},
	contract.TradeExecuted:     {"services/trading/internal/messages"},
	contract.SettlementSettled: {"services/settlement/internal/messages"},
	contract.SettlementFailed:  {"services/settlement/internal/messages"},

	contract.TradeRequested:     {"gateways/fix/internal/messages", "gateways/socket/internal/messages", "services/api/internal/messages"},
	contract.LineCheckRequested: {"gateways/fix/internal/messages", "gateways/socket/internal/messages", "services/api/internal/messages"},
	contract.LineCheckCompleted: {"services/linecheck/internal/messages"},
	contract.LineCheckRejected:  {"services/auth/internal/messages"},

	contract.SettlementDeclined: {"services/settlement/internal/messages"},

	contract.SettlementCommanded: {"services/api/internal/messages", "services/settlement/internal/messages"},

	contract.SettlementReported: {"services/settlement/internal/messages"},

	contract.JobDue:      {"services/jobs", "services/linecheck/internal/messages"},
	contract.JobFinished: {"services/jobs"},
}

// samples returns all that is published about trades, with one trade's id in place of the samples' own.
func samples(t *testing.T) (all []event.Event) {
	t.Helper()
	trade := event.NewID(testkit.Day, "trade")
	for i, typ := range contract.All() {
		for _, pkg := range publishers[typ] {
			data := withTrade(t, sample.Of(t, pkg, typ), trade)
			e, err := event.New(typ, event.NewID(testkit.Day, typ.String(), pkg), "alpha", trade, data)
			if err != nil {
				t.Fatal(err)
			}
			e.Source, e.Time = "publisher/1", time.Date(2026, 11, 24, 12, 0, i, 0, time.UTC)
			all = append(all, e)
		}
	}
	return all
}

func withTrade(t *testing.T, data json.RawMessage, trade string) json.RawMessage {
	t.Helper()
	var view struct {
		TradeID string `json:"trade_id"`
		Request struct {
			TradeID string `json:"trade_id"`
			CheckID string `json:"check_id"`
		} `json:"request"`
	}
	if err := json.Unmarshal(data, &view); err != nil {
		t.Fatal(err)
	}
	if view.Request.CheckID != "" || view.TradeID+view.Request.TradeID == "" {
		return data
	}
	return bytes.ReplaceAll(data, []byte(view.TradeID+view.Request.TradeID), []byte(trade))
}

func TestTheStepsOfTrades(t *testing.T) {
	events := samples(t)
	if len(events) < len(publishers) {
		t.Fatalf("%d samples for %d types", len(events), len(publishers))
	}
	withoutID := events[0]
	withoutID.ID, withoutID.Data = event.NewID(testkit.Day, "bad"), []byte(`{"registered":{"trade_id":"7"}}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps: steps.Facts(), Migrations: store.Migrations, Events: events, Bad: []event.Event{withoutID}, AnyOrder: true,
	})
}

// Every type that the queue brings has a sample in the test above.
func TestEveryTypeIsTested(t *testing.T) {
	for _, typ := range steps.Facts().Table.Types() {
		if len(publishers[typ]) == 0 {
			t.Errorf("%s has no sample here", typ)
		}
	}
}

func TestTheStepsOfRefusedMessages(t *testing.T) {
	typ := contract.MessageRefused
	one, err := event.New(typ, event.NewID(testkit.Day, typ.String()), "alpha", "a", sample.Of(t, "gateways/internal/refused", typ))
	if err != nil {
		t.Fatal(err)
	}
	count, nobody := one, one
	count.ID, count.Data = event.NewID(testkit.Day, "count"), []byte(`{"provider":"ALPHA","received_at":"2026-11-24T12:00:00Z","reason":{"code":"left_out","text":"t"},"left_out":4,"original":{"protocol":"socket","session":"S","sequence":0,"bytes":null}}`)
	nobody.ID, nobody.Data = event.NewID(testkit.Day, "bad"), []byte(`{"received_at":"2026-11-24T12:00:00Z"}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps: steps.RefusedSteps(), Migrations: store.Migrations, Events: []event.Event{one, count}, Bad: []event.Event{nobody}, AnyOrder: true,
	})
}

// The comparison that was made last stands, in any order.
func TestTheStepsOfComparedLines(t *testing.T) {
	typ := contract.LinesCompared
	first, err := event.New(typ, event.NewID(testkit.Day, typ.String()), contract.Batch, "a", sample.Of(t, "services/linecheck/internal/messages", typ))
	if err != nil {
		t.Fatal(err)
	}
	anew, never := first, first
	anew.ID, anew.Data = event.NewID(testkit.Day, "anew"), []byte(`{"day":"2026-11-25","made_at":"2026-11-26T09:00:00Z","differences":0,"named":null}`)
	never.ID, never.Data = event.NewID(testkit.Day, "bad"), []byte(`{"day":"never"}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps: steps.ComparedSteps(), Migrations: store.Migrations, Events: []event.Event{first, anew}, Bad: []event.Event{never}, AnyOrder: true,
	})
}

// The API keeps no inbox rows of what is told of trades: the history of a trade tells what it knows. A refusal that comes again does not stand
// above a later one, and the stream does not tell of the trade once more.
func TestWhatIsToldAgainIsNoNews(t *testing.T) {
	trade := event.NewID(testkit.Day, "trade")
	told := func(name string, typ event.Type, data string) event.Event {
		e, err := event.New(typ, event.NewID(testkit.Day, name), "alpha", trade, json.RawMessage(data))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	refused := func(code string) event.Event {
		return told(code, contract.TradeRejected, `{"request":{"trade_id":"`+trade+`"},"rejected":{"code":"`+code+`"}}`)
	}
	all := []event.Event{refused("holiday"), refused("line_exceeded"), told("failed", contract.SettlementFailed,
		`{"trade_id":"`+trade+`","version":1,"leg":1,"value_date":"2026-11-26","movement_id":"m","code":"NOFUNDS","failed_at":"2026-11-26T12:00:00Z"}`)}
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	handle := func(events ...event.Event) (row string) {
		for _, r := range steps.Facts().Handler(pool, "api/1", testkit.Log(t)).Handle(t.Context(), events) {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
		}
		const sql = "select t.changed || ' ' || t.facts || coalesce(s.xmin::text, '') || ' ' || (select count(*) from inbox) from trade t left join settlement s on s.trade_id = t.id"
		if err := pool.QueryRow(t.Context(), sql).Scan(&row); err != nil {
			t.Fatal(err)
		}
		return row
	}
	for i := range all {
		handle(all[i])
	}
	before := handle(all[2])
	if !strings.Contains(before, `"rejected":{"code":"line_exceeded"`) || !strings.HasSuffix(before, " 0") {
		t.Errorf("%s: the later refusal must stand, and the inbox be empty", before)
	}
	for _, again := range [][]event.Event{all[:1], all[1:2], all[2:], all, {all[2], all[0], all[1], all[0]}} {
		if after := handle(again...); after != before {
			t.Errorf("before: %s\nafter:  %s", before, after)
		}
	}
}

// A check has one outcome, the first, also if a batch brings two.
func TestTheFirstOutcomeOfACheckStays(t *testing.T) {
	check := event.NewID(testkit.Day, "check")
	refused := func(code string) event.Event {
		e, err := event.New(contract.LineCheckRejected, event.NewID(testkit.Day, code), "alpha", check,
			json.RawMessage(`{"request":{"check_id":"`+check+`"},"rejected":{"code":"`+code+`"}}`))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	first, second := refused("holiday"), refused("expired")
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	for _, events := range [][]event.Event{{first, second, first}, {second}, {second, first}} {
		for _, r := range steps.Facts().Handler(pool, "api/1", testkit.Log(t)).Handle(t.Context(), events) {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
		}
		if c, err := (store.Model{Pool: pool}).Check(t.Context(), check); err != nil || c.Rejected == nil || c.Rejected.Code != "holiday" {
			t.Errorf("%+v, %v", c, err)
		}
	}
}
