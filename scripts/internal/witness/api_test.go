package witness

import (
	"net/http"
	"testing"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
)

// What the interface says is final only if it cannot change: the trader asks again under the same key otherwise.
func TestTheInterfacesAnswersAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		final  bool
		state  oracle.State
	}{
		"registered":         {http.StatusOK, `{"id":"T1","state":"registered"}`, true, oracle.Accepted},
		"booked":             {http.StatusOK, `{"id":"T1","state":"booked"}`, true, oracle.Accepted},
		"rejected":           {http.StatusOK, `{"id":"T1","state":"rejected","rejection":{"code":"line_exceeded","text":"no room"}}`, true, oracle.Rejected},
		"not decided":        {http.StatusAccepted, `{"id":"T1","state":"pending"}`, false, ""},
		"the key was used":   {http.StatusUnprocessableEntity, `{"code":"key_reused","detail":"another request"}`, true, oracle.Refused},
		"not allowed":        {http.StatusForbidden, `{"code":"no_right"}`, true, oracle.Refused},
		"the core is away":   {http.StatusServiceUnavailable, `{"code":"unavailable"}`, false, ""},
		"HAProxy is alone":   {http.StatusServiceUnavailable, `<html>`, false, ""},
		"a token has lapsed": {http.StatusUnauthorized, `{"code":"token_expired"}`, false, ""},
	} {
		a, final := readAPI(apiclient.Answer{Status: c.status, Body: []byte(c.body)})
		if final != c.final || a.State != c.state {
			t.Errorf("%s: final %t, %+v", name, final, a)
		}
	}
}

func TestARequestIsWrittenForTheInterface(t *testing.T) {
	r := desk.Request{
		Client: "C1", Pair: "EUR/USD", Currency: "EUR", Buy: true, Amount: "5",
		Near: desk.Leg{Settlement: "0", Rate: "1.1"}, Far: desk.Leg{Settlement: "M3", Rate: "1.2"},
	}
	got := apiTradeOf(r)
	if got.Product != "swap" || len(got.Legs) != 2 || got.Legs[0] != (apiLeg{Side: "buy", Amount: "5", Rate: "1.1", Tenor: "SPOT"}) ||
		got.Legs[1] != (apiLeg{Side: "sell", Amount: "5", Rate: "1.2", Tenor: "3M"}) {
		t.Errorf("swap: %+v", got)
	}
	r.Far, r.Near = desk.Leg{}, desk.Leg{Settlement: "B", Date: "2026-12-09", Rate: "1.1"}
	if got := apiTradeOf(r); got.Product != "forward" || got.Legs[0].ValueDate != "2026-12-09" || got.Legs[0].Tenor != "" {
		t.Errorf("broken date: %+v", got)
	}
}
