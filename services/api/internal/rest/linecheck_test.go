package rest_test

import (
	"net/http"
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
)

type check struct {
	ID, State string
	Request   blotter.CheckRequest
	Result    *blotter.CheckResult
	Rejected  *blotter.CheckRefusal
}

// decide answers requests about lines as answer says.
func (b *bench) decide(answer func(r blotter.CheckRequest) (event.Type, blotter.Check)) {
	b.onPublish = func(e event.Event) {
		var data messages.CheckRequested
		if err := e.Read(&data); err != nil {
			b.t.Error(err)
		}
		r := data.Request.CheckRequest
		typ, c := answer(r)
		c.Request, c.Terms = r, &blotter.Terms{Desk: "FXS1"}
		go b.hear(typ, r.CheckID, c)
	}
}

func reservation() map[string]any {
	return map[string]any{"client": "C000900", "product": "spot", "pair": "EUR/USD", "currency": "USD", "side": "buy", "amount": "1000000"}
}

func TestALineIsReservedAndConsumed(t *testing.T) {
	b := setUp(t)
	b.decide(func(r blotter.CheckRequest) (event.Type, blotter.Check) {
		return contract.LineCheckCompleted, blotter.Check{Result: &blotter.CheckResult{Decision: r.Action, Nodes: []blotter.Node{{Node: "client/C000900"}}}}
	})
	got := read[check](t, b.call(http.MethodPost, "/v1/linechecks", trader, reservation(), "Idempotency-Key", "key-0001", "Prefer", "wait=30"), http.StatusOK)
	if got.State != "done" || got.Result.Decision != "reserve" || got.Request.Side != "sell" || len(got.Result.Nodes) != 1 {
		t.Fatalf("%+v", got)
	}
	place := "/v1/linechecks/" + got.ID
	if shown := read[check](t, b.call(http.MethodGet, place, trader, nil), http.StatusOK); shown.State != "done" {
		t.Errorf("%+v", shown)
	}
	used := read[check](t, b.call(http.MethodPost, place+"/consumptions", trader, map[string]any{"amount": "5"}, "Idempotency-Key", "key-0002", "Prefer", "wait=30"), http.StatusOK)
	if used.Result.Decision != "consume" || used.Request.Target != got.ID || used.Request.Client != "C000900" || used.Request.Amount != "5" {
		t.Errorf("%+v", used)
	}
	undone := read[check](t, b.call(http.MethodPost, place+"/reversals", trader, map[string]any{"amount": "5"}, "Idempotency-Key", "key-0004", "Prefer", "wait=30"), http.StatusOK)
	if undone.Result.Decision != "reverse" || undone.Request.Target != got.ID || undone.Request.Client != "C000900" || undone.Request.Amount != "5" {
		t.Errorf("%+v", undone)
	}
	b.call(http.MethodPost, place+"/reversals", other, map[string]any{}, "Idempotency-Key", "key-0005").is(t, http.StatusNotFound, "not_found")
	b.call(http.MethodPost, place+"/reversals", operator, map[string]any{}, "Idempotency-Key", "key-0005").is(t, http.StatusForbidden, "no_right")
	b.call(http.MethodPost, place+"/cancellations", other, nil, "Idempotency-Key", "key-0003").is(t, http.StatusNotFound, "not_found")
	read[check](t, b.call(http.MethodPost, place+"/cancellations", trader, nil, "Idempotency-Key", "key-0003"), http.StatusAccepted)
	b.call(http.MethodGet, place, other, nil).is(t, http.StatusNotFound, "not_found")
}

func TestARefusedCheckShowsTheLineThatBinds(t *testing.T) {
	b := setUp(t)
	b.decide(func(blotter.CheckRequest) (event.Type, blotter.Check) {
		return contract.LineCheckRejected, blotter.Check{Rejected: &blotter.CheckRefusal{
			Refusal: blotter.Refusal{Code: "line_exceeded", Text: "short by 5", By: "linecheck"}, Nodes: []blotter.Node{{Node: "client/C000900", Headroom: "1"}},
		}}
	})
	got := read[check](t, b.call(http.MethodPost, "/v1/linechecks", trader, reservation(), "Idempotency-Key", "key-0001", "Prefer", "wait=30"), http.StatusOK)
	if got.State != "rejected" || got.Rejected.Code != "line_exceeded" || got.Rejected.Nodes[0].Headroom != "1" {
		t.Errorf("%+v", got)
	}
}

// A system sees the line of its client, and none of those above.
func TestACheckShowsTheLinesThatItsReaderMaySee(t *testing.T) {
	b := setUp(t)
	all := []blotter.Node{{Node: "group/G0020"}, {Node: "desk/FXS1"}, {Node: "dealer/U0002"}, {Node: "client/C000900"}}
	refuse := false
	b.decide(func(r blotter.CheckRequest) (event.Type, blotter.Check) {
		if refuse {
			return contract.LineCheckRejected, blotter.Check{Rejected: &blotter.CheckRefusal{Refusal: blotter.Refusal{Code: "line_exceeded"}, Nodes: all}}
		}
		return contract.LineCheckCompleted, blotter.Check{Result: &blotter.CheckResult{Decision: r.Action, Nodes: all}}
	})
	for i, key := range []string{"key-0001", "key-0002"} {
		refuse = i == 1
		asked := read[check](t, b.call(http.MethodPost, "/v1/linechecks", system, reservation(), "Idempotency-Key", key, "Prefer", "wait=30"), http.StatusOK)
		for token, want := range map[string]int{system: 1, trader: 3, operator: 4} {
			got := read[check](t, b.call(http.MethodGet, "/v1/linechecks/"+asked.ID, token, nil), http.StatusOK)
			if n := len(nodesOf(got)); n != want {
				t.Errorf("%s sees %d lines, want %d", token, n, want)
			}
		}
		if n := len(nodesOf(asked)); n != 1 {
			t.Errorf("the answer shows %d lines", n)
		}
	}
}

func nodesOf(c check) []blotter.Node {
	if c.Rejected != nil {
		return c.Rejected.Nodes
	}
	return c.Result.Nodes
}

// A request with an effect is nothing without its key.
func TestARequestAboutALineNeedsAKey(t *testing.T) {
	b := setUp(t)
	b.call(http.MethodPost, "/v1/linechecks", trader, reservation()).is(t, http.StatusBadRequest, "key_missing")
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
}
