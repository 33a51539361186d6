package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/services/contract"
)

type settlements struct {
	Settlements []struct {
		TradeID      string `json:"trade_id"`
		State, Code  string
		Client, Desk string
		Leg, Version int
		ValueDate    string `json:"value_date"`
		MovementID   string `json:"movement_id"`
		Attempt      int
		NotAfter     string    `json:"not_after"`
		FailedSince  time.Time `json:"failed_since"`
		Exchange     struct {
			Base, Quote string
			BaseAmount  string `json:"base_amount"`
		}
	}
	More bool
}

func (b *bench) settle(trade string, leg int, code string) {
	b.t.Helper()
	data := map[string]any{
		"trade_id": trade, "version": 1, "leg": leg, "value_date": "2026-11-26", "movement_id": id("movement"), "settled_at": time.Now(),
	}
	typ := contract.SettlementSettled
	if code != "" {
		typ, data["code"], data["failed_at"], data["attempt"], data["not_after"] = contract.SettlementFailed, code, time.Now(), 2, "2026-11-26T15:00:00Z"
	}
	b.hear(typ, trade, data)
}

// A leg that failed is listed as failed until it is settled. A trader sees the own desk's.
func TestSettlementsShowWhatFailed(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	b.register(id("2"), "FXS2")
	b.settle(id("1"), 1, "NOFUNDS")
	b.settle(id("2"), 1, "")
	get := func(token, filter string) settlements {
		return read[settlements](t, b.call(http.MethodGet, "/v1/settlements"+filter, token, nil), http.StatusOK)
	}
	failed := get(operator, "?state=failed").Settlements
	if len(failed) != 1 || failed[0].TradeID != id("1") || failed[0].Code != "NOFUNDS" || failed[0].Client != "C000900" || failed[0].ValueDate != "2026-11-26" {
		t.Fatalf("%+v", failed)
	}
	if f := failed[0]; f.Attempt != 2 || f.NotAfter != "2026-11-26T15:00:00Z" || f.FailedSince.IsZero() || f.Exchange.Base != "EUR" || f.Exchange.BaseAmount == "" || f.Exchange.Quote != "USD" {
		t.Errorf("what a person asks first is missing: %+v", f)
	}
	for filter, want := range map[string]int{"": 2, "?from=2026-11-26&to=2026-11-26": 2, "?from=2026-11-27": 0, "?client=C000901": 0, "?limit=1": 1} {
		if got := get(operator, filter); len(got.Settlements) != want || got.More != (filter == "?limit=1") {
			t.Errorf("%s: %+v", filter, got)
		}
	}
	if got := get(other, "").Settlements; len(got) != 1 || got[0].TradeID != id("2") {
		t.Errorf("another desk: %+v", got)
	}
	b.settle(id("1"), 1, "")
	if got := get(operator, "?state=failed").Settlements; len(got) != 0 {
		t.Errorf("settled later: %+v", got)
	}
}

// The pages of a list have every leg once.
func TestPagesHaveEverySettlementOnce(t *testing.T) {
	b := setUp(t)
	for _, trade := range []string{"1", "2"} {
		b.register(id(trade), "FXS1")
		for leg := 1; leg <= 2; leg++ {
			b.handleAs(fmt.Sprint(leg), contract.SettlementSettled, id(trade), map[string]any{
				"trade_id": id(trade), "version": 1, "leg": leg, "value_date": "2026-11-26", "movement_id": id("movement"), "settled_at": time.Now(),
			})
		}
	}
	seen := map[string]int{}
	path := "/v1/settlements?limit=1&client=C000900"
	for range 4 {
		a := b.call(http.MethodGet, path, operator, nil)
		for _, l := range read[settlements](t, a, http.StatusOK).Settlements {
			seen[fmt.Sprint(l.TradeID, l.Leg)]++
		}
		path = strings.TrimSuffix(strings.TrimPrefix(a.Header.Get("Link"), "<"), `>; rel="next"`)
	}
	if len(seen) != 4 || path != "" {
		t.Errorf("%v, then %q", seen, path)
	}
	b.call(http.MethodGet, "/v1/settlements?cursor=secret", operator, nil).is(t, http.StatusUnprocessableEntity, "cursor_unknown")
}
