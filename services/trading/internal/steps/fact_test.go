package steps_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// TestFactsInAnyOrderTwiceAndLate delivers the facts of several trades to two replicas at the same time. Each replica gets
// all facts, in its own order.
func TestFactsInAnyOrderTwiceAndLate(t *testing.T) {
	const trades = 12
	pool, ids := schema(t), names(trades)
	registerAll(t, pool, ids)
	var told []event.Event
	for _, id := range ids {
		told = append(told,
			assigned(t, id, "U0001", now), assigned(t, id, "U0002", now.Add(time.Minute)),
			refused(t, id, "E42", now.Add(time.Second)), booked(t, id, "B-"+id[:4]))
	}
	var all sync.WaitGroup
	for r := range 2 {
		h := replica(t, pool, facts())
		order := rand.New(rand.NewPCG(1, uint64(r))).Perm(len(told)) //nolint:gosec // an order, not a secret
		all.Go(func() {
			for from := 0; from < len(order); from += 6 {
				var batch []event.Event
				for _, i := range order[from:min(from+6, len(order))] {
					batch = append(batch, told[i])
				}
				for _, result := range h.Handle(context.Background(), batch) {
					if result.Err != nil {
						t.Error(result.Err)
					}
				}
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		want := trade.Life{
			Status:     trade.Booked,
			Assignment: trade.Assignment{Desk: "FXS1", Trader: "U0002", At: now.Add(time.Minute)},
			Booking:    trade.Booking{Reference: "B-" + id[:4], At: now},
			Legs:       1,
		}
		if diff := cmp.Diff(want, life(t, pool, id)); diff != "" {
			t.Errorf("trade %s: %s", id, diff)
		}
	}
}

func TestAFactOfATradeThatIsNotThereIsTriedAgain(t *testing.T) {
	pool, ids := schema(t), names(1)
	fact := booked(t, ids[0], "B1")
	h := replica(t, pool, facts())
	if r := h.Handle(t.Context(), []event.Event{fact})[0]; !isRetry(r.Err) {
		t.Fatalf("before the trade: %v", r.Err)
	}
	registerAll(t, pool, ids)
	if r := h.Handle(t.Context(), []event.Event{fact})[0]; r.Err != nil {
		t.Fatalf("after it: %v", r.Err)
	}
	if got := life(t, pool, ids[0]).Status; got != trade.Booked {
		t.Errorf("status %s", got)
	}
}

func TestASecondBookingIsRefusedAndLeavesItsNeighboursAlone(t *testing.T) {
	pool, ids := schema(t), names(2)
	registerAll(t, pool, ids)
	events := []event.Event{
		booked(t, ids[0], "B1"),
		bookedAgain(t, ids[0], "B2"), // money would move twice
		assigned(t, ids[1], "U0001", now),
	}
	for i, r := range replica(t, pool, facts()).Handle(t.Context(), events) {
		if bad := i == 1; bad != (r.Err != nil) || isRetry(r.Err) {
			t.Errorf("event %d: %v", i, r.Err)
		}
	}
	if got := life(t, pool, ids[0]).Booking.Reference; got != "B1" {
		t.Errorf("booked under %s", got)
	}
	if got := life(t, pool, ids[1]).Assignment.Trader; got != "U0001" {
		t.Errorf("assigned to %q", got)
	}
}

// TestARejectionIsRecordedAndTouchesNoTrade rejects a second request under the reference of a registered trade.
func TestARejectionIsRecordedAndTouchesNoTrade(t *testing.T) {
	pool, ids := schema(t), names(1)
	registerAll(t, pool, ids)
	fact := rejected(t, ids[0], "duplicate")
	h := replica(t, pool, facts())
	other := rejected(t, ids[0], "holiday")
	other.ID = event.NewID(testkit.Day, "another rejection")
	h.Handle(t.Context(), []event.Event{fact, other})
	rows, err := pool.Query(t.Context(), "select code || ' ' || text || ' by ' || rejected_by from rejection order by code")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{"duplicate why\uFFFD by auth", "holiday why\uFFFD by auth"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got := life(t, pool, ids[0]).Status; got != trade.Registered {
		t.Errorf("the trade is %s", got)
	}
}

func TestTheLastLegExecutesTheTradeOnce(t *testing.T) {
	pool, id := schema(t), names(1)[0]
	registerAll(t, pool, []string{id})
	deliver := func(e event.Event) []event.Event {
		result := replica(t, pool, facts()).Handle(t.Context(), []event.Event{e})[0]
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		return result.Emit
	}
	told := deliver(settled(t, id, 1, "1"))
	if len(told) != 1 {
		t.Fatalf("%d events", len(told))
	}
	sample.Is(t, "../messages/samples", contract.TradeExecuted, told[0])
	if again := deliver(settled(t, id, 1, "again")); len(again) != 0 {
		t.Errorf("executed twice: %v", again)
	}
	if got := life(t, pool, id); got.Status != trade.Executed || !got.ExecutedAt.Equal(now) {
		t.Errorf("%+v", got)
	}
}

// settlement publishes what trading reads.
func TestSettlementsSampleIsRead(t *testing.T) {
	e := event.Event{
		ID: "1", Type: contract.SettlementSettled, Time: now,
		Data: sample.Of(t, "services/settlement/internal/messages", contract.SettlementSettled),
	}
	if told, err := messages.ReadSettled(e); err != nil || told.Leg != 1 || told.Version != 1 {
		t.Errorf("%+v, %v", told, err)
	}
}
