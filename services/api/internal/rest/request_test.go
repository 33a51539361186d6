package rest_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

func spot() map[string]any {
	return map[string]any{
		"client": "C000900", "product": "spot", "pair": "EUR/USD", "currency": "EUR",
		"legs": []map[string]any{{"side": "buy", "amount": "1000000", "rate": "1.0843"}},
	}
}

func ask(b *bench, body any, headers ...string) answer {
	b.t.Helper()
	return b.call(http.MethodPost, "/v1/trades", trader, body, append([]string{"Idempotency-Key", "key-0001"}, headers...)...)
}

func TestARequestIsAcceptedWithThePlaceOfItsOutcome(t *testing.T) {
	b := setUp(t)
	a := ask(b, spot())
	got := read[blotter.Trade](t, a, http.StatusAccepted)
	if got.State != blotter.Pending || a.Header.Get("Location") != "/v1/trades/"+got.ID || len(b.published) != 1 {
		t.Fatalf("%v %+v, published %d", a.Header, got, len(b.published))
	}
	e := b.published[0]
	if e.Type != contract.TradeRequested || e.Origin != "api" || e.Correlation != got.ID || e.Deadline.IsZero() {
		t.Errorf("%+v", e)
	}
	if shown := read[blotter.Trade](t, b.call(http.MethodGet, a.Header.Get("Location"), trader, nil), http.StatusOK); shown.State != blotter.Pending {
		t.Errorf("%+v", shown)
	}
}

// A trade may use a line check, as a provider's may.
func TestATradeNamesItsLineCheck(t *testing.T) {
	b := setUp(t)
	body := spot()
	body["line_check"] = map[string]any{"id": id("check"), "free_rest": true}
	got := read[blotter.Trade](t, ask(b, body), http.StatusAccepted)
	if want := (blotter.ShownUse{ID: id("check"), FreeRest: true}); got.LineCheck == nil || *got.LineCheck != want {
		t.Errorf("%+v", got.LineCheck)
	}
	var asked messages.TradeRequested
	if err := b.published[0].Read(&asked); err != nil {
		t.Fatal(err)
	}
	if want := (blotter.UsedCheck{CheckID: id("check"), Rest: blotter.FreeRest}); asked.Request.LineCheck == nil || *asked.Request.LineCheck != want {
		t.Errorf("%+v", asked.Request.LineCheck)
	}
	body["line_check"] = map[string]any{"id": "L1"}
	ask(b, body).is(t, http.StatusUnprocessableEntity, "invalid")
}

// However often and at once a request is sent under one key: it is one request.
func TestARepeatIsTheSameRequest(t *testing.T) {
	b := setUp(t)
	ids := make([]string, 8)
	var callers sync.WaitGroup
	for i := range ids {
		callers.Go(func() { ids[i] = read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted).ID })
	}
	callers.Wait()
	events := map[string]bool{}
	for _, e := range b.published {
		events[e.ID] = true
	}
	for _, got := range ids {
		if got != ids[0] || len(events) != 1 {
			t.Errorf("%s and %s, %d events", got, ids[0], len(events))
		}
	}
	larger := spot()
	larger["client"] = "C000901"
	ask(b, larger).is(t, http.StatusUnprocessableEntity, "key_reused")
}

// Two callers may choose the same key.
func TestAKeyBelongsToItsCaller(t *testing.T) {
	b := setUp(t)
	one := read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted)
	two := read[blotter.Trade](t, b.call(http.MethodPost, "/v1/trades", system, spot(), "Idempotency-Key", "key-0001"), http.StatusAccepted)
	if one.ID == two.ID {
		t.Error("two callers share a trade")
	}
}

// While the broker is away the request is not accepted; the same key works later.
func TestWithoutTheBrokerTheCallerTriesAgain(t *testing.T) {
	b := setUp(t)
	b.away = errors.New("away")
	a := ask(b, spot())
	a.is(t, http.StatusServiceUnavailable, "unavailable")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.away = nil
	read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted)
	if len(b.published) != 1 {
		t.Errorf("published %d", len(b.published))
	}
}

// If a replica dies between storing a request and publishing it, another one publishes it: nothing stays pending for ever. A
// command is not published: its caller repeats it.
func TestARequestThatWasNotPublishedIsSwept(t *testing.T) {
	b := setUp(t)
	b.away = errors.New("away")
	ask(b, spot()).is(t, http.StatusServiceUnavailable, "unavailable")
	b.call(http.MethodPost, "/v1/job-commands", operator, map[string]any{"job": "j", "action": "start", "reason": "r"}, "Idempotency-Key", "key-0002").
		is(t, http.StatusServiceUnavailable, "unavailable")
	sweep := func() error {
		return store.Sweeping{Model: b.Model, Publish: b.publish, Log: testkit.Log(t)}.Sweep(t.Context())
	}
	if err := sweep(); err != nil {
		t.Errorf("a request that is being published: %v", err)
	}
	if _, err := b.Pool.Exec(t.Context(), "update request set asked_at = now() - interval '1 hour'"); err != nil {
		t.Fatal(err)
	}
	if err := sweep(); err == nil {
		t.Error("swept while the broker is away")
	}
	b.away = nil
	for range 2 {
		if err := sweep(); err != nil {
			t.Fatal(err)
		}
		if len(b.published) != 1 || b.published[0].Type != contract.TradeRequested {
			t.Fatalf("published %v", b.published)
		}
	}
	got := read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted)
	if got.ID != b.published[0].Correlation || len(b.published) != 1 {
		t.Errorf("a repeat: %s, published %d", got.ID, len(b.published))
	}
}

// A caller who repeats a request that the broker has not had gives the core its whole time.
func TestARepeatRenewsTheDeadlineOfWhatWasNotPublished(t *testing.T) {
	now := time.Now()
	b := setUp(t, func(_ *testing.T, b *bench) { b.clock = func() time.Time { return now } })
	b.away = errors.New("away")
	ask(b, spot()).is(t, http.StatusServiceUnavailable, "unavailable")
	now, b.away = now.Add(time.Minute), nil
	read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted)
	if b.published[0].Expired(now.Add(29 * time.Second)) {
		t.Errorf("the deadline is %s, and it is %s", b.published[0].Deadline, now)
	}
	before := b.published[0].Deadline
	now = now.Add(time.Minute)
	read[blotter.Trade](t, ask(b, spot()), http.StatusAccepted)
	if len(b.published) != 1 || !b.published[0].Deadline.Equal(before) {
		t.Errorf("what was published is published again: %v", b.published)
	}
}

func TestTheOutcomeIsWaitedFor(t *testing.T) {
	b := setUp(t)
	b.onPublish = func(e event.Event) { go b.register(e.Correlation, "FXS1") }
	a := ask(b, spot(), "Prefer", "wait=30")
	if got := read[blotter.Trade](t, a, http.StatusOK); got.State != blotter.Registered || a.Header.Get("Preference-Applied") != "wait=30" {
		t.Errorf("%v %+v", a.Header, got)
	}
}

// A refused trade is a result, not an error.
func TestARefusalIsAnOutcome(t *testing.T) {
	b := setUp(t)
	b.onPublish = func(e event.Event) {
		go b.hear(contract.TradeRejected, e.Correlation, map[string]any{
			"request":  blotter.Request{TradeID: e.Correlation, Provider: "API"},
			"rejected": blotter.Refusal{Code: "line_exceeded", Text: "short by 5", By: "linecheck"},
		})
	}
	got := read[blotter.Trade](t, ask(b, spot(), "Prefer", "wait=30"), http.StatusOK)
	if got.State != blotter.Rejected || got.Rejection.Code != "line_exceeded" {
		t.Errorf("%+v", got)
	}
}

func TestWithoutAnOutcomeInTimeTheRequestIsPending(t *testing.T) {
	b := setUp(t)
	if got := read[blotter.Trade](t, ask(b, spot(), "Prefer", "wait=1"), http.StatusAccepted); got.State != blotter.Pending {
		t.Errorf("%+v", got)
	}
}

func TestContentThatFitsNoProductIsRefused(t *testing.T) {
	b := setUp(t)
	for name, change := range map[string]func(map[string]any){
		"two legs":      func(m map[string]any) { m["product"] = "swap" },
		"currency":      func(m map[string]any) { m["currency"] = "CHF" },
		"no date":       func(m map[string]any) { m["product"] = "forward" },
		"amount":        func(m map[string]any) { m["legs"].([]map[string]any)[0]["amount"] = "-1" },
		"unknown field": func(m map[string]any) { m["colour"] = "red" },
		"no client":     func(m map[string]any) { delete(m, "client") },
	} {
		t.Run(name, func(t *testing.T) {
			body := spot()
			change(body)
			ask(b, body).is(t, http.StatusUnprocessableEntity, "invalid")
		})
	}
	b.call(http.MethodPost, "/v1/trades", trader, spot()).is(t, http.StatusBadRequest, "key_missing")
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
}
