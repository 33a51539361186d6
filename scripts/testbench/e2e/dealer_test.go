//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/testbench/oracle"
	"fxcore/services/contract"
)

// dealer: a trader of the bank, who has a small line of its own, comes by the API. A deal for which its client, group and desk have
// room is refused by the dealer's line. A what-if says so before, and another trader may.
func (c *core) dealer(t *testing.T) {
	small, wide := c.user(t, demo.SmallDealer), c.user(t, "U0001")
	rate, err := c.market.Outright("EUR/USD", time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	leg := map[string]any{"side": "buy", "amount": "10000000", "rate": rate.String()}
	trade := map[string]any{"client": "C000900", "product": "spot", "pair": "EUR/USD", "currency": "EUR", "legs": []any{leg}}
	for user, want := range map[*apiclient.Client]string{small: "line_exceeded", wide: ""} {
		var told struct {
			Trades []struct{ Refused *struct{ Code string } }
		}
		ask(t, user, "/v1/what-ifs", nil, map[string]any{"trades": []any{trade}}, &told)
		if r := told.Trades[0].Refused; (r == nil) != (want == "") || r != nil && r.Code != want {
			t.Errorf("a what-if of %s: %+v, want %q", user.User(), told.Trades[0], want)
		}
	}
	key := c.run + "-dealer"
	sent := oracle.Sent{
		Session: contract.APIProvider, Reference: small.User() + "/" + key, Form: "api", Product: "spot", Client: "C000900", Pair: "EUR/USD",
		Currency: "EUR", Side: "buy", Amount: decimal.NewFromInt(10_000_000), Rate: rate, At: time.Now(),
	}
	w := c.record(t, "api-dealer")
	w.Sent(sent)
	var got struct {
		ID, State string
		Rejection struct{ Code, Text, By string }
	}
	ask(t, small, "/v1/trades", http.Header{"Idempotency-Key": {key}, "Prefer": {"wait=30"}}, trade, &got)
	w.Received(oracle.Answer{
		Run: key, Session: sent.Session, Reference: sent.Reference, Form: sent.Form, State: oracle.Rejected, ID: got.ID,
		Reason: got.Rejection.Code, Text: got.Rejection.Text, At: time.Now(), Seq: 1,
	})
	if got.State != "rejected" || got.Rejection.Code != "line_exceeded" || !strings.Contains(got.Rejection.Text, "dealer/"+demo.SmallDealer) {
		t.Errorf("%+v", got)
	}
	c.judge(t, oracle.Rules()...)
}

// user comes in by the API as a user of the demo.
func (c *core) user(t *testing.T, id string) *apiclient.Client {
	t.Helper()
	client, err := apiclient.Open(c.urls["api"], c.Folder, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// ask posts a request and decodes the answer, which must be 200.
func ask(t *testing.T, user *apiclient.Client, path string, header http.Header, body, answer any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), statusBound)
	defer cancel()
	got, err := user.Do(ctx, http.MethodPost, path, header, body)
	if err != nil || got.Status != http.StatusOK {
		t.Fatalf("%s %s: %d %s, %v", user.User(), path, got.Status, got.Body, err)
	}
	if err := json.Unmarshal(got.Body, answer); err != nil {
		t.Fatal(err)
	}
}
