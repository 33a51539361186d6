package steps_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// A late delivery, after the deadline and the end of the reservation, repeats the event that registered the trade.
func TestWhatIsRegisteredStaysSoHoweverLateItIsToldAgain(t *testing.T) {
	pool, events := schema(t), reservedSpots(t, names(3))
	of := requests(dealing(t))
	first := replica(t, pool, of).Handle(t.Context(), events)
	for i := range events {
		events[i].Deadline = now.Add(time.Hour)
	}
	again := replica(t, pool, at(now.Add(2*time.Hour), of)).Handle(t.Context(), events)
	for i := range events {
		want := emitted(t, first[i])
		if diff := cmp.Diff(want, emitted(t, again[i])); diff != "" || len(want) != 1 {
			t.Errorf("event %d led to %v: %s", i, want, diff)
		}
	}
}

func TestAnotherEventOfTheSameTradeRegistersNothing(t *testing.T) {
	one := reservedSpots(t, names(1))[0]
	other := one
	other.ID = event.NewID(testkit.Day, "another event of the same trade")
	h := replica(t, schema(t), requests(dealing(t)))
	if got := emitted(t, h.Handle(t.Context(), []event.Event{one})[0]); len(got) != 1 {
		t.Fatalf("led to %v", got)
	}
	if got := emitted(t, h.Handle(t.Context(), []event.Event{other})[0]); len(got) != 0 {
		t.Errorf("the repeat told somebody: %v", got)
	}
}

func TestWhatIsRegisteredCanBeReadBack(t *testing.T) {
	pool, ids := schema(t), names(1)
	replica(t, pool, requests(dealing(t))).Handle(t.Context(), reservedSpots(t, ids))
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
	want := registered{"registered", 1, "R-" + ids[0][:8] + "\uFFFD", "EURUSD", 1, "buy", "1000000", "1117500", "1.1175", true}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// emitted returns the names of the events that a result emits.
func emitted(t *testing.T, r amqp.Result) []string {
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
