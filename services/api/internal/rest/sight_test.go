package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// reject hears that a trade of a caller was refused by a line, which an older version of linecheck does not name.
func (b *bench) reject(trade, node string, by *blotter.Caller) {
	b.t.Helper()
	b.hear(contract.TradeRejected, trade, map[string]any{
		"request":    blotter.Request{TradeID: trade, Provider: "API", TradeDate: "2026-11-24", Client: "C000900", Product: "spot", Pair: "EUR/USD", Currency: "EUR"},
		"caller":     by,
		"authorized": blotter.Terms{Desk: "FXS1"},
		"rejected":   blotter.Refusal{Code: "line_exceeded", Text: "limit 1,234", By: "linecheck", Node: node},
	})
}

// A refusal tells each reader of the lines that it may see, in the trade, in the list and in the stream.
func TestARefusedTradeTellsOfTheLinesThatItsReaderMaySee(t *testing.T) {
	b := setUp(t)
	colleague, own := &blotter.Caller{User: "U0004", Desk: "FXS1"}, &blotter.Caller{User: "U0001", Desk: "FXS1"}
	for name, c := range map[string]struct {
		node string
		by   *blotter.Caller
		seen []string
	}{
		"the client's":        {"client/C000900", colleague, []string{system, trader, operator}},
		"the desk's":          {"desk/FXS1", colleague, []string{trader, operator}},
		"a colleague's":       {"dealer/U0004", colleague, []string{operator}},
		"the own":             {"dealer/U0001", own, []string{trader, operator}},
		"unknown":             {"", colleague, []string{operator}},
		"unknown, own deal":   {"", own, []string{trader, operator}},
		"unknown, a provider": {"", nil, []string{trader, operator}},
	} {
		b.reject(id(name), c.node, c.by)
		for _, token := range []string{system, trader, operator} {
			want := false
			for _, one := range c.seen {
				want = want || one == token
			}
			got := read[blotter.Trade](t, b.call(http.MethodGet, "/v1/trades/"+id(name), token, nil), http.StatusOK).Rejection
			if seen := got.Text == "limit 1,234" && got.Node == c.node; seen != want || !seen && (got.Text != blotter.Unseen || got.Node != "") {
				t.Errorf("%s to %s: %+v", name, token, got)
			}
			listed := read[list](t, b.call(http.MethodGet, "/v1/trades", token, nil), http.StatusOK)
			if text := listed.Trades[0].Rejection.Text; (text == "limit 1,234") != want {
				t.Errorf("%s to %s, listed: %s", name, token, text)
			}
		}
	}
}

// Two traders of a desk listen to one frame, and the refusal in it is about the line of one.
func TestTheStreamTellsOfTheLinesThatItsReaderMaySee(t *testing.T) {
	b := setUp(t)
	position := read[list](t, b.call(http.MethodGet, "/v1/trades", operator, nil), http.StatusOK).Position
	b.reject(id("1"), "dealer/U0001", &blotter.Caller{User: "U0001", Desk: "FXS1"})
	for token, want := range map[string]bool{trader: true, operator: true, system: false} {
		if got := b.firstEvent(token, position); strings.Contains(got, "limit 1,234") != want {
			t.Errorf("%s reads %s", token, got)
		}
	}
}

// firstEvent returns the first trades that a stream tells of.
func (b *bench) firstEvent(token, position string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/v1/events?after="+position, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var said strings.Builder
	for part := make([]byte, 4096); ; {
		n, err := response.Body.Read(part)
		said.Write(part[:n])
		if err != nil || strings.Contains(said.String(), `"trades"`) && strings.HasSuffix(said.String(), "\n\n") {
			return said.String()
		}
	}
}

// A refused check tells of the line that binds only who may see it.
func TestARefusedCheckTellsOfTheLineThatItsReaderMaySee(t *testing.T) {
	b := setUp(t)
	for key, node := range map[string]string{"key-0001": "desk/FXS1", "key-0002": ""} { // an older linecheck names it first of the lines
		b.decide(func(blotter.CheckRequest) (event.Type, blotter.Check) {
			return contract.LineCheckRejected, blotter.Check{Rejected: &blotter.CheckRefusal{
				Refusal: blotter.Refusal{Code: "line_exceeded", Text: "limit 1,234", Node: node}, Nodes: []blotter.Node{{Node: "desk/FXS1"}, {Node: "client/C000900"}},
			}}
		})
		asked := read[check](t, b.call(http.MethodPost, "/v1/linechecks", system, reservation(), "Idempotency-Key", key, "Prefer", "wait=30"), http.StatusOK)
		for token, want := range map[string]string{system: blotter.Unseen, trader: "limit 1,234", operator: "limit 1,234"} {
			if got := read[check](t, b.call(http.MethodGet, "/v1/linechecks/"+asked.ID, token, nil), http.StatusOK).Rejected; got.Text != want {
				t.Errorf("%s reads %+v", token, got)
			}
		}
		if asked.Rejected.Text != blotter.Unseen || asked.Rejected.Node != "" {
			t.Errorf("the answer: %+v", asked.Rejected)
		}
	}
}
