package rest_test

import (
	"net/http"
	"testing"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/directory"
)

// bank has a client of each of two desks.
func bank(_ *testing.T, b *bench) {
	b.known = clients{{ID: "C000900", Desk: "FXS1"}, {ID: "C000901", Desk: "FXS2"}}
}

// Nobody puts a row into the list of a client out of reach, not even one that auth is going to refuse.
func TestARequestForAClientOutOfReachLeavesNothing(t *testing.T) {
	b := setUp(t, bank)
	for path, body := range map[string]map[string]any{"/v1/trades": spot(), "/v1/linechecks": reservation()} {
		for name, c := range map[string]struct{ token, client string }{
			"a trader for a client of another desk": {trader, "C000901"},
			"a trader for nobody":                   {trader, "C000999"},
			"a system for another client":           {system, "C000901"},
		} {
			body["client"] = c.client
			a := b.call(http.MethodPost, path, c.token, body, "Idempotency-Key", "key-0001")
			if a.is(t, http.StatusUnprocessableEntity, "unknown_client"); t.Failed() {
				t.Fatal(name)
			}
		}
		body["client"] = "C000900"
		for _, token := range []string{trader, system} {
			read[struct{}](t, b.call(http.MethodPost, path, token, body, "Idempotency-Key", "key-of-"+path[4:]), http.StatusAccepted)
		}
	}
	if len(b.published) != 4 {
		t.Errorf("%d requests are published", len(b.published))
	}
	for _, one := range read[list](t, b.call(http.MethodGet, "/v1/trades", operator, nil), http.StatusOK).Trades {
		if one.Client != "C000900" || one.State != blotter.Pending {
			t.Errorf("%+v", one)
		}
	}
}

// A replica that has not loaded the clients knows nobody's desk. A system knows its own client.
func TestWithoutTheClientsOnlyASystemDeals(t *testing.T) {
	b := setUp(t, func(_ *testing.T, b *bench) { b.known = directory.Open(nil) })
	b.call(http.MethodPost, "/v1/trades", trader, spot(), "Idempotency-Key", "key-0001").is(t, http.StatusServiceUnavailable, "no_static_data")
	read[blotter.Trade](t, b.call(http.MethodPost, "/v1/trades", system, spot(), "Idempotency-Key", "key-0001"), http.StatusAccepted)
}
