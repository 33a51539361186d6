package rest_test

import (
	"net/http"
	"testing"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// What a provider sent comes back as it came, to whom may see it.
func TestAProvidersOwnBytesComeBack(t *testing.T) {
	b := setUp(t)
	const sent = "8=FIX.4.4\x019=5\x0135=D\x0196=\x00\xff\x0110=001\x01"
	original := map[string]any{"protocol": "FIX.4.4", "session": "ALPHA", "sequence": 7, "bytes": []byte(sent)}
	b.register(id("1"), "FXS1")
	b.hear(contract.LineCheckCompleted, id("2"), blotter.Check{Request: blotter.CheckRequest{CheckID: id("2"), Client: "C000900"}, Result: &blotter.CheckResult{Decision: "approved"}})
	for range 2 { // again
		b.hear(contract.TradeRequested, id("1"), map[string]any{"request": map[string]any{"trade_id": id("1")}, "original": original})
	}
	b.hear(contract.LineCheckRequested, id("2"), map[string]any{"request": map[string]any{"check_id": id("2")}, "original": original})
	type answer struct{ Originals []blotter.Original }
	for _, place := range []string{"/v1/trades/" + id("1"), "/v1/linechecks/" + id("2")} {
		got := read[answer](t, b.call(http.MethodGet, place+"/original", operator, nil), http.StatusOK).Originals
		if len(got) != 1 || string(got[0].Bytes) != sent || got[0].Sequence != 7 || got[0].Session != "ALPHA" || got[0].Protocol != "FIX.4.4" {
			t.Errorf("%s: %+v", place, got)
		}
		b.call(http.MethodGet, place+"/original", trader, nil).is(t, http.StatusForbidden, "no_right")
	}
	b.register(id("3"), "FXS1")
	if got := read[answer](t, b.call(http.MethodGet, "/v1/trades/"+id("3")+"/original", operator, nil), http.StatusOK); got.Originals == nil || len(got.Originals) > 0 {
		t.Errorf("a trade by the API: %+v", got)
	}
	b.call(http.MethodGet, "/v1/trades/"+id("9")+"/original", operator, nil).is(t, http.StatusNotFound, "not_found")
}
