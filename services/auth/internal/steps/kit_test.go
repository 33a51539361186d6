package steps_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
)

// static holds static data that never changes.
type static authorization.Directory

func (s static) Directory() authorization.Directory { return authorization.Directory(s) }

func directory() static {
	asOf, until := time.Date(2026, 11, 20, 15, 4, 3, 0, time.UTC), time.Now().AddDate(100, 0, 0)
	return static{
		Providers: authorization.Set[authorization.Provider]{AsOf: asOf, Until: until, Records: map[string]authorization.Provider{
			"ALPHA": {Status: "active", Clients: []string{"*"}, Products: []string{"spot", "forward", "swap"}, Pairs: []string{"*"}, MaxAmountUSD: dec("50000000")},
		}},
		Clients: authorization.Set[authorization.Client]{AsOf: asOf, Until: until, Records: map[string]authorization.Client{
			"C000001": {Group: "G0001", Desk: "FXS1", Status: "active"},
			"C000902": {Group: "G0001", Desk: "FXS1", Status: "blocked"},
		}},
		Rates: authorization.Set[decimal.Decimal]{AsOf: asOf, Until: until, Records: map[string]decimal.Decimal{"EUR": dec("1"), "USD": dec("1.1")}},
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// schema returns a pool on a migrated schema of auth.
func schema(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

func replica(t testing.TB, pool *pgxpool.Pool, name string) amqp.Handler {
	t.Helper()
	return steps.Requests(directory()).Handler(pool, "auth/"+name, testkit.Log(t))
}

// order is one request in the form in which a gateway sends it.
type order struct {
	reference, client, amount, digest string
	message                           string // distinguishes two messages with the same reference
	deadline                          time.Time
}

func spot(reference string) order {
	return order{reference, "C000001", "1000000", "d1", "1", time.Now().Add(time.Minute)}
}

func (o order) id() string {
	return event.NewID(testkit.Day, "trade", "ALPHA", o.reference, "2026-11-20")
}

func (o order) event(t testing.TB) event.Event {
	t.Helper()
	e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, "test", o.reference, o.message), "alpha", o.id(), map[string]any{"request": map[string]any{
		"trade_id": o.id(), "provider": "ALPHA", "reference": o.reference, "kind": "request", "trade_date": "2026-11-20",
		"transacted_at": "2026-11-20T15:04:05Z", "client": o.client, "product": "spot", "pair": "EUR/USD", "currency": "EUR",
		"legs":   []any{map[string]any{"side": "buy", "amount": o.amount, "rate": "1.10005", "tenor": "SPOT", "value_date": ""}},
		"digest": o.digest, "echo": map[string]any{"message": o.message},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = o.deadline
	return e
}

// verdict returns a short form of a result: the last word of the event's type, with the code of a rejection.
func verdict(t testing.TB, r amqp.Result) string {
	t.Helper()
	if r.Err != nil {
		return "error"
	}
	if len(r.Emit) != 1 {
		t.Fatalf("%d events emitted, want one", len(r.Emit))
	}
	var data struct {
		Rejected struct{ Code string }
	}
	if err := json.Unmarshal(r.Emit[0].Data, &data); err != nil {
		t.Fatal(err)
	}
	_, participle, _ := strings.Cut(r.Emit[0].Type.Name, ".")
	return strings.TrimSpace(participle + " " + data.Rejected.Code)
}

func verdicts(t *testing.T, h amqp.Handler, events ...event.Event) []string {
	t.Helper()
	var list []string
	for _, r := range h.Handle(context.Background(), events) {
		list = append(list, verdict(t, r))
	}
	return list
}
