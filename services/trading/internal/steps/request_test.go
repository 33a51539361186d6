package steps_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/trading/internal/messages"
)

func TestEachStepEndsInOneEvent(t *testing.T) {
	of := requests(dealing(t))
	good := authorized(t, unchanged)
	late := good
	late.Deadline = now.Add(-time.Millisecond)
	validated := decide(t, of, good)[0]
	lateReserved := reserved(t, validated, now.Add(time.Minute))
	lateReserved.Deadline = now.Add(-time.Millisecond)
	cases := []struct {
		rule  string
		event event.Event
		want  event.Type
		code  reason.Code
	}{
		{"an authorised request that keeps the rules", good, contract.TradeValidated, ""},
		{"one that breaks a rule", authorized(t, func(r *messages.Request) { r.Pair = "EUR/EUR" }), contract.TradeRejected, "same_currency"},
		{"one whose deadline has passed", late, contract.TradeRejected, "expired"},
		{"a reservation that holds", reserved(t, validated, now.Add(time.Minute)), contract.TradeRegistered, ""},
		{"a reservation that holds just long enough", reserved(t, validated, now.Add(2*time.Second)), contract.TradeRegistered, ""},
		{"a reservation that ends within the margin", reserved(t, validated, now.Add(1999*time.Millisecond)), contract.TradeRejected, "expired"},
		{"a reservation that has ended", reserved(t, validated, now.Add(-time.Second)), contract.TradeRejected, "expired"},
		{"a deadline that passed while the line was checked", lateReserved, contract.TradeRejected, "expired"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			emitted := decide(t, of, c.event)
			if len(emitted) != 1 || emitted[0].Type != c.want || codeOf(t, emitted[0]) != c.code {
				t.Fatalf("emitted %v, want one %s %s", emitted, c.want, c.code)
			}
			if e := emitted[0]; e.Causation != c.event.ID || e.Correlation != c.event.Correlation || e.Origin != "alpha" {
				t.Errorf("the envelope does not continue the story: %+v", e)
			}
		})
	}
}

func TestARejectionSaysWhatPassedWhen(t *testing.T) {
	of := requests(dealing(t))
	late := authorized(t, unchanged)
	late.Deadline = now.Add(-1500 * time.Millisecond)
	var view messages.Rejected
	if err := decide(t, of, late)[0].Read(&view); err != nil {
		t.Fatal(err)
	}
	want := messages.Rejection{Code: "expired", Text: "the request's deadline passed at 2026-11-24 09:59:58Z, 1.5s ago; send a new request with a later deadline", By: "trading"}
	if view.Rejected != want {
		t.Errorf("\n got %+v\nwant %+v", view.Rejected, want)
	}
}

func TestWithoutAMarketTheClientIsAnswered(t *testing.T) {
	of := requests(static{err: market.ErrNoData})
	emitted := decide(t, of, authorized(t, unchanged))
	if len(emitted) != 1 || codeOf(t, emitted[0]) != "no_static_data" {
		t.Errorf("emitted %v", emitted)
	}
}

func TestARepeatedRegistrationInOneBatchTellsNobodyAgain(t *testing.T) {
	of := requests(dealing(t))
	first := reserved(t, decide(t, of, authorized(t, unchanged))[0], now.Add(time.Minute))
	second := first
	second.ID = event.NewID(testkit.Day, "another event of the same trade")
	if emitted := decide(t, of, first, second); len(emitted) != 1 || emitted[0].Type != contract.TradeRegistered {
		t.Errorf("emitted %v", emitted)
	}
}

func TestEventsThatCanNeverBeHandled(t *testing.T) {
	of := requests(dealing(t))
	validated := decide(t, of, authorized(t, unchanged))[0]
	cases := map[string]event.Event{
		"another type":              newEvent(t, contract.TradeBooked, "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1", map[string]any{}),
		"no trade id":               authorized(t, func(r *messages.Request) { r.TradeID = "" }),
		"a trade id that is none":   authorized(t, func(r *messages.Request) { r.TradeID = "1C2B5A60-8D1F-8E0A-9D56-0C1F5EE7A0B1" }),
		"an amount of another type": newEvent(t, contract.TradeAuthorized, "x", json.RawMessage(`{"request":{"legs":[{"amount":1}]}}`)),
		"reserved for ever":         reserved(t, validated, time.Time{}),
		"reserved, not validated":   reserved(t, authorized(t, unchanged), now.Add(time.Minute)),
		"validated nonsense":        reserved(t, spoiledData(validated, `"value_date":"2026-11-27"`, `"value_date":"soon"`), now.Add(time.Minute)),
		"validated impossibility":   reserved(t, spoiledData(validated, `"base_side":"sell"`, `"base_side":"buy"`), now.Add(time.Minute)),
	}
	for rule, e := range cases {
		t.Run(rule, func(t *testing.T) {
			if emitted, err := tryDecide(of, e); err == nil {
				t.Errorf("emitted %v", emitted)
			}
		})
	}
	if _, err := messages.ReadReserved(event.Event{Data: json.RawMessage(`{"reserved":{}`)}); err == nil || errors.Is(err, market.ErrNoData) {
		t.Errorf("data that is no JSON: %v", err)
	}
}

func spoiledData(e event.Event, old, replacement string) event.Event {
	e.Data = bytes.ReplaceAll(e.Data, []byte(old), []byte(replacement))
	return e
}
