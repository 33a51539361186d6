package requests_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// schema is a migrated schema of trading.
func schema(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	return pool
}

func replica(t testing.TB, pool *pgxpool.Pool, name string) amqp.Handler {
	t.Helper()
	return inbox.Of(pool, handler(t, marketAt(t, time.Now())), "trading/"+name, testkit.Log(t))
}

// reservedNow are trades whose line is reserved, on today's dates.
func reservedNow(t testing.TB, n int) []event.Event {
	t.Helper()
	at := time.Now()
	h := handler(t, marketAt(t, at))
	events := make([]event.Event, n)
	for i := range events {
		id := event.NewID("trade", fmt.Sprint(i))
		asked, err := event.New(messages.TradeAuthorized, event.NewID("authorized", id), "alpha", id, map[string]any{
			"request": messages.Request{
				TradeID: id, Provider: "ALPHA", Reference: fmt.Sprintf("R-%d\x00", i), Kind: "request",
				TradeDate: rollover(t).TradeDate(at).String(), TransactedAt: at, Client: "C000001",
				Product: "spot", Pair: "EUR/USD", Currency: "EUR",
				Legs: []messages.RequestedLeg{{Side: "buy", Amount: "1000000.00", Rate: "1.1175"}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		s := h.Load(&pgx.Batch{}, []event.Event{asked})
		validated, err := h.Decide(s, at, asked)
		if err != nil || validated[0].Type != messages.TradeValidated {
			t.Fatalf("%v, %v", validated, err)
		}
		data, err := messages.With(validated[0].Data, "reserved", map[string]any{"reservation_id": id, "expires_at": at.Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		if events[i], err = validated[0].Next(messages.TradeReserved, data); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func TestATradeIsRegisteredOnceHoweverOftenItIsDelivered(t *testing.T) {
	pool := schema(t)
	events := reservedNow(t, 3)
	first := replica(t, pool, "1").Handle(t.Context(), events)
	twice := replica(t, pool, "2").Handle(t.Context(), append(events, events...))
	late := time.Now().Add(2 * time.Hour) // the reservation has ended, the deadline passed: what was done stays done
	for i := range events {
		events[i].Deadline = late.Add(-time.Hour)
	}
	again := replica(t, pool, "3").Handle(t.Context(), events)
	for i := range events {
		want := emittedIDs(t, first[i])
		for name, got := range map[string]amqp.Result{"second delivery": twice[i], "third": twice[i+len(events)], "late one": again[i]} {
			if diff := cmp.Diff(want, emittedIDs(t, got)); diff != "" {
				t.Errorf("%s of event %d: %s", name, i, diff)
			}
		}
	}
	if n := count(t, pool, "trade"); n != 3 {
		t.Errorf("%d trades are registered, want 3", n)
	}
}

func TestAnotherEventOfTheSameTradeRegistersNothing(t *testing.T) {
	pool := schema(t)
	one := reservedNow(t, 1)[0]
	other := one
	other.ID = event.NewID("another event of the same trade")
	h := replica(t, pool, "1")
	if r := h.Handle(t.Context(), []event.Event{one})[0]; r.Err != nil || len(r.Emit) != 1 {
		t.Fatalf("%+v", r)
	}
	if r := h.Handle(t.Context(), []event.Event{other})[0]; r.Err != nil || len(r.Emit) != 0 {
		t.Errorf("the repeat told somebody: %+v", r)
	}
}

func TestOneBadEventLeavesItsNeighboursAlone(t *testing.T) {
	pool := schema(t)
	events := reservedNow(t, 5)
	events[1].Data = []byte(`{"request":{"trade_id":"none"}}`) // can not be decoded as what it says it is
	// The third decodes, and breaks a constraint of the table: the whole batch fails, and is redone event by event.
	events[2] = spoiledData(events[2], `"kind":"request"`, `"kind":"rumour"`)
	results := replica(t, pool, "1").Handle(t.Context(), events)
	for i, r := range results {
		if bad := i == 1 || i == 2; bad != (r.Err != nil) {
			t.Errorf("event %d: %v", i, r.Err)
		}
	}
	if n := count(t, pool, "trade"); n != 3 {
		t.Errorf("%d trades are registered, want 3", n)
	}
}

func TestTwoReplicasOnTheSameEventsRegisterEachTradeOnce(t *testing.T) {
	const trades, replicas = 40, 2
	pool := schema(t)
	events := reservedNow(t, trades)
	results := make([][]amqp.Result, replicas)
	var all sync.WaitGroup
	for r := range replicas {
		h := replica(t, pool, fmt.Sprint(r))
		all.Go(func() {
			for from := 0; from < trades; from += 8 {
				results[r] = append(results[r], h.Handle(context.Background(), events[from:from+8])...)
			}
		})
	}
	all.Wait()
	for i := range trades {
		if diff := cmp.Diff(emittedIDs(t, results[0][i]), emittedIDs(t, results[1][i])); diff != "" {
			t.Errorf("trade %d: %s", i, diff)
		}
	}
	if n := count(t, pool, "trade"); n != trades {
		t.Errorf("%d trades are registered, want %d", n, trades)
	}
}

func TestWhatIsRegisteredCanBeReadBack(t *testing.T) {
	pool := schema(t)
	replica(t, pool, "1").Handle(t.Context(), reservedNow(t, 1))
	row := pool.QueryRow(t.Context(), `
		select t.status, t.version, t.reference, t.base || t.quote, l.leg, l.base_side, l.base_amount::text, l.quote_amount::text, l.rate::text,
		       l.value_date = t.spot_date
		from trade t join trade_leg l on l.trade_id = t.id and l.trade_version = t.version`)
	type registered struct {
		Status              string
		Version             int
		Reference, Pair     string
		Leg                 int
		Side                string
		Base, Quote, Rate   string
		SettlesOnTheSpotDay bool
	}
	var got registered
	err := row.Scan(&got.Status, &got.Version, &got.Reference, &got.Pair, &got.Leg, &got.Side, &got.Base, &got.Quote, &got.Rate, &got.SettlesOnTheSpotDay)
	want := registered{"registered", 1, "R-0\uFFFD", "EURUSD", 1, "buy", "1000000", "1117500", "1.1175", true}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func emittedIDs(t *testing.T, r amqp.Result) []string {
	t.Helper()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	ids := make([]string, len(r.Emit))
	for i, e := range r.Emit {
		ids[i] = e.Type.Name + " " + e.ID
	}
	return ids
}

func count(t *testing.T, pool *pgxpool.Pool, table string) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
