//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/testbench/oracle"
	"fxcore/services/contract"
)

// The two persons of operations.
const (
	maker   = "U0013"
	checker = "U0021"
)

// actionsClient is a client with whom other parts hardly trade.
const actionsClient = "C000905"

// actions: two persons delete a trade that is booked. The client's line, the books and the mainframe are then as before the trade.
func (c *core) actions(t *testing.T) {
	db := c.database(t)
	before := standing(t, db)
	id := c.enters(t, c.run+"-deleted")
	between := standing(t, db)
	if between == before {
		t.Fatalf("the trade changes nothing: %s", before)
	}
	one, two := c.user(t, maker), c.user(t, checker)
	mayDelete(t, one, id, "")
	action := c.proposes(t, one, id)
	mayDelete(t, one, id, "action_under_way")
	if got := c.decides(t, one, action, "approve"); got.Status != http.StatusForbidden {
		t.Errorf("who has proposed it approves it: %d %s", got.Status, got.Body)
	}
	if now := standing(t, db); now != between {
		t.Errorf("a proposal changes %s to %s", between, now)
	}
	if got := c.decides(t, two, action, "approve"); got.Status != http.StatusAccepted {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	var trade struct {
		State    string
		Deletion struct {
			ProposedBy string `json:"proposed_by"`
			ApprovedBy string `json:"approved_by"`
			Reversal   struct {
				Reference string `json:"booking_reference"`
			}
		}
	}
	eventually(t, two, "/v1/trades/"+id, &trade, func() error {
		if d := trade.Deletion; trade.State != "deleted" || d.ProposedBy != maker || d.ApprovedBy != checker || d.Reversal.Reference == "" {
			return fmt.Errorf("%+v", trade)
		}
		return nil
	})
	testkit.Eventually(t, "everything to be as before the trade", moreBound, func() error {
		if now := standing(t, db); now != before {
			return fmt.Errorf("%s, before it %s", now, before)
		}
		return nil
	})
	mayDelete(t, one, id, "already_deleted")
	if got := c.propose(t, one, id, "once more"); got.Status != http.StatusAccepted {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	c.judge(t, c.undisturbed()...)
}

// standing is what the client's line carries, what the client is owed, and by which of its legs.
func standing(t *testing.T, db *pgx.Conn) (all string) {
	t.Helper()
	for _, query := range []string{
		`select trim_scale(coalesce(sum(reserved + consumed), 0))::text from linecheck.node_usage where node = 'client/' || $1`,
		`select coalesce(string_agg(currency || ' ' || value_date || ' ' || trim_scale(amount), ', ' order by currency, value_date), '') from settlement.balance where book = 'client/' || $1 and amount <> 0`,
		`select count(*)::text from settlement.obligation where client = $1 and state <> 'withdrawn'`,
	} {
		var text string
		if err := db.QueryRow(t.Context(), query, actionsClient).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all += text + "; "
	}
	return all
}

// mayDelete asks what may be done with a trade. Trading allows a deletion, or refuses it with a code.
func mayDelete(t *testing.T, by *apiclient.Client, trade, want string) {
	t.Helper()
	var told struct {
		Actions []struct{ Action, Code string }
	}
	eventually(t, by, "/v1/trades/"+trade+"/actions", &told, func() error {
		if len(told.Actions) != 1 || told.Actions[0].Action != "delete" || told.Actions[0].Code != want {
			return fmt.Errorf("%+v, want %q", told, want)
		}
		return nil
	})
}

// enters has a trader deal, and waits until the trade is booked.
func (c *core) enters(t *testing.T, key string) (id string) {
	t.Helper()
	user := c.user(t, "U0001")
	rate, err := c.market.Outright("EUR/USD", time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	sent := oracle.Sent{
		Session: contract.APIProvider, Reference: user.User() + "/" + key, Form: "api", Product: "spot", Client: actionsClient, Pair: "EUR/USD",
		Currency: "EUR", Side: "buy", Amount: decimal.NewFromInt(70_000), Rate: rate, At: time.Now(),
	}
	w := c.record(t, "api-actions-"+key)
	w.Sent(sent)
	leg := map[string]any{"side": sent.Side, "amount": sent.Amount.String(), "rate": rate.String()}
	body := map[string]any{"client": actionsClient, "product": "spot", "pair": sent.Pair, "currency": sent.Currency, "legs": []any{leg}}
	var got struct{ ID, State string }
	ask(t, user, "/v1/trades", http.Header{"Idempotency-Key": {key}, "Prefer": {"wait=30"}}, body, &got)
	w.Received(oracle.Answer{Run: key, Session: sent.Session, Reference: sent.Reference, Form: sent.Form, State: oracle.Accepted, ID: got.ID, At: time.Now(), Seq: 1})
	eventually(t, user, "/v1/trades/"+got.ID, &got, func() error {
		if got.State != "booked" {
			return errors.New(got.State)
		}
		return nil
	})
	return got.ID
}

// proposes proposes to delete a trade and waits until it can be decided.
func (c *core) proposes(t *testing.T, by *apiclient.Client, trade string) (action string) {
	t.Helper()
	got := c.propose(t, by, trade, "entered twice")
	var asked struct {
		ActionID string `json:"action_id"`
	}
	if err := json.Unmarshal(got.Body, &asked); err != nil || got.Status != http.StatusAccepted {
		t.Fatalf("%d %s, %v", got.Status, got.Body, err)
	}
	var proposed struct{ State string }
	eventually(t, by, "/v1/actions/"+asked.ActionID, &proposed, func() error {
		if proposed.State != "proposed" {
			return errors.New(proposed.State)
		}
		return nil
	})
	return asked.ActionID
}

func (c *core) propose(t *testing.T, by *apiclient.Client, trade, why string) apiclient.Answer {
	t.Helper()
	header := http.Header{"Idempotency-Key": {c.run + "-" + strings.ReplaceAll(why, " ", "-")}, "If-Match": {`"1"`}}
	return do(t, by, http.MethodPost, "/v1/trades/"+trade+"/deletions", header, map[string]string{"reason": why})
}

func (c *core) decides(t *testing.T, by *apiclient.Client, action, decision string) apiclient.Answer {
	t.Helper()
	header := http.Header{"Idempotency-Key": {c.run + "-" + decision}}
	return do(t, by, http.MethodPost, "/v1/actions/"+action+"/decisions", header, map[string]string{"decision": decision, "reason": "seen"})
}

func do(t *testing.T, by *apiclient.Client, method, path string, header http.Header, body any) apiclient.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), statusBound)
	defer cancel()
	got, err := by.Do(ctx, method, path, header, body)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// eventually reads a page until it is as wanted.
func eventually(t *testing.T, by *apiclient.Client, path string, answer any, wanted func() error) {
	t.Helper()
	testkit.Eventually(t, path, moreBound, func() error {
		got := do(t, by, http.MethodGet, path, nil, nil)
		if got.Status != http.StatusOK {
			return fmt.Errorf("%d %s", got.Status, got.Body)
		}
		if err := json.Unmarshal(got.Body, answer); err != nil {
			return err
		}
		return wanted()
	})
}
