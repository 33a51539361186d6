package requests_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/market"
	"fxcore/services/trading/internal/messages"
)

func TestEachStepEndsInOneEvent(t *testing.T) {
	h := handler(t, marketAt(t, now))
	good := authorized(t, unchanged)
	late := good
	late.Deadline = now.Add(-time.Millisecond)
	validated := decide(t, h, now, good)[0]
	lateReserved := reserved(t, validated, now.Add(time.Minute))
	lateReserved.Deadline = now.Add(-time.Millisecond)
	cases := []struct {
		rule  string
		event event.Event
		want  event.Type
		code  string
	}{
		{"an authorised request that keeps the rules", good, messages.TradeValidated, ""},
		{"one that breaks a rule", authorized(t, func(r *messages.Request) { r.Pair = "EUR/EUR" }), messages.TradeRejected, "same_currency"},
		{"one whose deadline has passed", late, messages.TradeRejected, "expired"},
		{"a reservation that holds", reserved(t, validated, now.Add(time.Minute)), messages.TradeRegistered, ""},
		{"a reservation that holds just long enough", reserved(t, validated, now.Add(2*time.Second)), messages.TradeRegistered, ""},
		{"a reservation that ends within the margin", reserved(t, validated, now.Add(1999*time.Millisecond)), messages.TradeRejected, "expired"},
		{"a reservation that has ended", reserved(t, validated, now.Add(-time.Second)), messages.TradeRejected, "expired"},
		{"a deadline that passed while the line was checked", lateReserved, messages.TradeRejected, "expired"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			emitted := decide(t, h, now, c.event)
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
	h := handler(t, marketAt(t, now))
	late := authorized(t, unchanged)
	late.Deadline = now.Add(-1500 * time.Millisecond)
	var view messages.Rejected
	if err := decide(t, h, now, late)[0].Read(&view); err != nil {
		t.Fatal(err)
	}
	want := messages.Rejection{Code: "expired", Text: "the request's deadline passed at 2026-11-24 09:59:58Z, 1.5s ago; ask again, with more time", By: "trading"}
	if view.Rejected != want {
		t.Errorf("\n got %+v\nwant %+v", view.Rejected, want)
	}
}

func TestWithoutAMarketTheClientIsAnswered(t *testing.T) {
	h := handler(t, static{err: market.ErrNoData})
	emitted := decide(t, h, now, authorized(t, unchanged))
	if len(emitted) != 1 || codeOf(t, emitted[0]) != "no_static_data" {
		t.Errorf("emitted %v", emitted)
	}
}

func TestARepeatedRegistrationInOneBatchTellsNobodyAgain(t *testing.T) {
	h := handler(t, marketAt(t, now))
	first := reserved(t, decide(t, h, now, authorized(t, unchanged))[0], now.Add(time.Minute))
	second := first
	second.ID = event.NewID("another event of the same trade")
	if emitted := decide(t, h, now, first, second); len(emitted) != 1 || emitted[0].Type != messages.TradeRegistered {
		t.Errorf("emitted %v", emitted)
	}
}

// TestEarlierSectionsPassUntouched: what trading knows nothing of travels on, byte for byte.
func TestEarlierSectionsPassUntouched(t *testing.T) {
	data := json.RawMessage(`{ "request":{"a" : 1.50e2}, "later":[ {"x":"\u00e9"} ] }`)
	longer, err := messages.With(data, "registered", map[string]int{"version": 1})
	want := `{"request":{"a" : 1.50e2}, "later":[ {"x":"\u00e9"} ],"registered":{"version":1}}`
	if err != nil || string(longer) != want {
		t.Errorf("%s, %v, want %s", longer, err, want)
	}
	if empty, err := messages.With(json.RawMessage(`{}`), "s", 1); err != nil || string(empty) != `{"s":1}` {
		t.Errorf("%s, %v", empty, err)
	}
	if !bytes.HasPrefix(data, []byte(`{ "request"`)) {
		t.Error("the incoming data was changed")
	}
	if _, err := messages.With(json.RawMessage(`[]`), "s", 1); err == nil {
		t.Error("a list took a section")
	}
}

func TestEventsThatCanNeverBeHandled(t *testing.T) {
	h := handler(t, marketAt(t, now))
	validated := decide(t, h, now, authorized(t, unchanged))[0]
	cases := map[string]event.Event{
		"another type":              newEvent(t, messages.TradeBooked, "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1", map[string]any{}),
		"no trade id":               authorized(t, func(r *messages.Request) { r.TradeID = "" }),
		"a trade id that is none":   authorized(t, func(r *messages.Request) { r.TradeID = "1C2B5A60-8D1F-8E0A-9D56-0C1F5EE7A0B1" }),
		"an amount of another type": newEvent(t, messages.TradeAuthorized, "x", json.RawMessage(`{"request":{"legs":[{"amount":1}]}}`)),
		"reserved for ever":         reserved(t, validated, time.Time{}),
		"reserved, not validated":   reserved(t, authorized(t, unchanged), now.Add(time.Minute)),
		"validated nonsense":        reserved(t, spoiledData(validated, `"value_date":"2026-11-27"`, `"value_date":"soon"`), now.Add(time.Minute)),
		"validated impossibility":   reserved(t, spoiledData(validated, `"base_side":"sell"`, `"base_side":"buy"`), now.Add(time.Minute)),
	}
	for rule, e := range cases {
		t.Run(rule, func(t *testing.T) {
			s := h.Load(&pgx.Batch{}, []event.Event{e})
			if emitted, err := h.Decide(s, now, e); err == nil {
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
