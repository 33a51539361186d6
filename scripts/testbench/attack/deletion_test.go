//go:build e2e

package attack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract"
)

// user comes in by the interface as a user of the demo.
func (c *core) user(t *testing.T, id string) *apiclient.Client {
	t.Helper()
	client, err := apiclient.Open(c.urls["api"], c.Folder, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// asks makes a request of the interface.
func asks(t *testing.T, by *apiclient.Client, method, path string, header http.Header, body, answer any) (status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	got, err := by.Do(ctx, method, path, header, body)
	if err != nil {
		t.Fatal(err)
	}
	if answer != nil {
		if err := json.Unmarshal(got.Body, answer); err != nil {
			t.Fatalf("%d %s: %v", got.Status, got.Body, err)
		}
	}
	return got.Status
}

// trades has a trader deal, and returns the trade once it is booked.
func (c *core) trades(t *testing.T, key string) (id string) {
	t.Helper()
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	rate, err := market.Outright("EUR/USD", time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	leg := map[string]any{"side": "buy", "amount": "70000", "rate": rate.String()}
	body := map[string]any{"client": "C000900", "product": "spot", "pair": "EUR/USD", "currency": "EUR", "legs": []any{leg}}
	var got struct{ ID, State string }
	trader := c.user(t, "U0001")
	asks(t, trader, http.MethodPost, "/v1/trades", http.Header{"Idempotency-Key": {key}, "Prefer": {"wait=30"}}, body, &got)
	testkit.Eventually(t, "the trade to be booked", attackBound, func() error {
		asks(t, trader, http.MethodGet, "/v1/trades/"+got.ID, nil, nil, &got)
		if got.State != "booked" {
			return errors.New(got.State)
		}
		return nil
	})
	return got.ID
}

// proposes has a person propose to delete a trade, and returns the action once it can be decided.
func (c *core) proposes(t *testing.T, by *apiclient.Client, trade string) (action string) {
	t.Helper()
	var got struct {
		ActionID string `json:"action_id"`
	}
	header := http.Header{"Idempotency-Key": {"attack-" + trade}, "If-Match": {`"1"`}}
	if status := asks(t, by, http.MethodPost, "/v1/trades/"+trade+"/deletions", header, map[string]string{"reason": "an attack"}, &got); status != http.StatusAccepted {
		t.Fatalf("a proposal: %d", status)
	}
	testkit.Eventually(t, "the proposal", attackBound, func() error {
		if status := asks(t, by, http.MethodGet, "/v1/actions/"+got.ActionID, nil, nil, nil); status != http.StatusOK {
			return fmt.Errorf("status %d", status)
		}
		return nil
	})
	return got.ActionID
}

// stands fails the test unless the trade is there, and its deletion waits.
func (c *core) stands(t *testing.T, trade string) {
	t.Helper()
	db := c.database(t)
	var status, line, action string
	err := db.QueryRow(t.Context(), `select t.status, r.state, a.state from trading.trade t join linecheck.reservation r on r.id = t.id
		join trading.action a on a.trade_id = t.id where t.id = $1`, trade).Scan(&status, &line, &action)
	if err != nil || status != "booked" || line != "CONSUMED" || action != "proposed" {
		t.Errorf("the trade is %s, its line %s, the proposal %s: %v", status, line, action, err)
	}
}

// Somebody of operations has a token of their own, and would delete a trade alone: under their own name by the interface, and without a right to it as a
// trader or a system.
func TestOnePersonDeletesNoTrade(t *testing.T) {
	c := theCore(t)
	trade := c.trades(t, "attack-alone")
	one := c.user(t, "U0013")
	action := c.proposes(t, one, trade)
	decide := func(by *apiclient.Client, key string) int {
		return asks(t, by, http.MethodPost, "/v1/actions/"+action+"/decisions", http.Header{"Idempotency-Key": {key}},
			map[string]string{"decision": "approve", "reason": "an attack"}, nil)
	}
	for by, want := range map[string]int{"U0013": http.StatusForbidden, "U0001": http.StatusForbidden, "U0014": http.StatusForbidden, "U0020": http.StatusForbidden} {
		if status := decide(c.user(t, by), "attack-decides-"+by); status != want {
			t.Errorf("%s approves: %d", by, status)
		}
	}
	c.stands(t, trade)
}

// Somebody has the interface's credentials at the broker, auth's, trading's and so on. By a message nobody approves, and nobody deletes: a command needs
// auth's signature, and a deletion comes from trading alone.
func TestNobodyDeletesATradeByAMessage(t *testing.T) {
	c := theCore(t)
	trade := c.trades(t, "attack-message")
	action := c.proposes(t, c.user(t, "U0013"), trade)
	version := map[string]any{"trade_id": trade, "version": 1, "action_id": action, "reason": "an attack"}
	command := with(version, "step", "approve", "action", "delete", "by", "U0021")
	deletion := with(version, "proposed_by", "U0013", "approved_by", "U0021", "deleted_at", time.Now().UTC(), "booked", true)
	for _, p := range programs.Ours() {
		if !p.Uses(programs.AMQP) {
			continue
		}
		conn := c.means(t, p.Name).broker(t)
		for typ, what := range map[event.Type]struct {
			owner string
			data  map[string]any
		}{contract.TradeCommanded: {contract.Auth, command}, contract.TradeDeleted: {"trading", deletion}} {
			e := forged(t, typ, contract.API, trade, what.data)
			e.Deadline = time.Now().Add(time.Minute)
			err := send(t, conn, contract.Exchange(typ), e.Key(), event.MediaType, p.Name, event.Append(nil, e))
			if (err == nil) != (p.Name == what.owner) {
				t.Errorf("%s publishes %s: %v", p.Name, typ, err)
			}
		}
	}
	c.failedWith(t, "trading.actions", "no proof")
	for _, queue := range []string{"linecheck.deleted", "settlement.deleted", "mainframe.reversals"} {
		c.failedWith(t, queue, "not signed")
	}
	c.stands(t, trade)
}

func with(all map[string]any, more ...any) map[string]any {
	made := map[string]any{}
	for name, value := range all {
		made[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		made[more[i].(string)] = more[i+1] //nolint:forcetypeassert // the test's own
	}
	return made
}
