package steps_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
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

// A revocation may overtake the token that it is about: in any order the token is revoked.
func TestTheStepsOfTokens(t *testing.T) {
	var events []event.Event
	for _, typ := range []event.Type{contract.TokenIssued, contract.TokenRefused, contract.TokenRevoked} {
		e, err := event.New(typ, event.NewID(testkit.Day, typ.String()), contract.API, "a", sample.Of(t, "services/auth/internal/messages", typ))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	all := events[2]
	all.ID, all.Data = event.NewID(testkit.Day, "all"), []byte(`{"user":"U0001","by":"U0013","reason":"left","revoked_at":"2026-11-24T12:00:00Z"}`)
	nobody := events[2]
	nobody.ID, nobody.Data = event.NewID(testkit.Day, "bad"), []byte(`{"by":"U0013"}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Tokens]{
		Steps: steps.TokenSteps(), Migrations: store.Migrations, Events: append(events, all), Bad: []event.Event{nobody}, AnyOrder: true,
	})
}
