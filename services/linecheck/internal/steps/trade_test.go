package steps

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
)

func TestATradeIsReservedOnEveryNodeAndConsumedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "1000000"}
	emitted, err := w.deliver(trade.message(t, contract.TradeValidated, "1"))
	if err != nil {
		t.Fatal(err)
	}
	r := read[answered](t, emitted[0]).Reserved
	if emitted[0].Type != contract.TradeReserved || !r.Exposure.Equal(dec("100000")) || !r.ExpiresAt.Equal(noon.Add(line.DefaultLife)) {
		t.Fatalf("%s: %+v", emitted[0].Type, r)
	}
	for _, n := range r.Nodes {
		if !n.Before.IsZero() || !n.After.Equal(dec("100000")) || n.Limit == nil || n.Headroom == nil {
			t.Errorf("%+v", n)
		}
	}
	if c := r.Nodes[2]; c.Node != "client/C000001" || !c.Limit.Equal(dec("150000")) || !c.Collateral.Equal(dec("50000")) {
		t.Errorf("the client's line is limit and collateral: %+v", c)
	}
	if b := r.Basis; !b.RatesAsOf.Equal(noon.Add(-2*time.Second)) || b.RatesAge != 2 || !b.BaseAmount.Mul(b.Conversion).Mul(b.AddOn).Equal(r.Exposure) {
		t.Errorf("the exposure can not be computed again from %+v", b)
	}
	for _, key := range []string{"group/G0001", "desk/FXS1", "client/C000001"} {
		if got := w.used(key); got != "100000 0" {
			t.Errorf("%s after reserving: %s", key, got)
		}
	}
	for _, way := range []string{"1", "again", "late"} {
		if got := w.verdict(trade.message(t, contract.TradeRegistered, way)); got != "" {
			t.Errorf("registration led to %s", got)
		}
	}
	if got := w.used("client/C000001"); got != "0 100000" {
		t.Errorf("after registering: %s", got)
	}
}

func TestATradeThatALineDoesNotBearIsRejectedWithTheNodeThatBinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	emitted, err := w.deliver(spot{"T1", "C000001", "1500001"}.message(t, contract.TradeValidated, "1"))
	if err != nil {
		t.Fatal(err)
	}
	got := read[answered](t, emitted[0]).Rejected
	const text = "line of client C000001: limit 100,000 USD + collateral 50,000; used 0; this deal needs 150,000.10; short by 0.10 at node client/C000001"
	if got.Code != "line_exceeded" || got.Text != text || got.By != "linecheck" || got.Nodes[0].Node != "client/C000001" || len(got.Nodes) != 3 {
		t.Errorf("%+v", got)
	}
	if read[struct{ Request struct{ Provider string } }](t, emitted[0]).Request.Provider != "ALPHA" {
		t.Error("the request was not passed on")
	}
	if got := w.used("group/G0001"); got != "0 0" {
		t.Errorf("the group carries %s of a rejected trade", got)
	}
}

func TestARejectedTradeGivesItsLineBackOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "1000000"}
	w.verdict(trade.message(t, contract.TradeRejected, "before anything was reserved"))
	w.verdict(trade.message(t, contract.TradeValidated, "1"))
	for _, way := range []string{"1", "again"} {
		if got := w.verdict(trade.message(t, contract.TradeRejected, way)); got != "" {
			t.Errorf("release led to %s", got)
		}
		if got := w.used("client/C000001"); got != "0 0" {
			t.Errorf("after release: %s", got)
		}
	}
	if got := w.verdict(trade.message(t, contract.TradeValidated, "late")); got != "trade.rejected reservation_ended" {
		t.Errorf("validated after its rejection: %s", got)
	}
}

// A second request under the reference of a trade in progress is refused with that trade's id. The trade goes on, so its
// reservation must stay: if it were freed, another trade could use the line before this one is registered.
func TestARefusedDuplicateLeavesTheOriginalsReservation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "1000000"}
	w.verdict(trade.message(t, contract.TradeValidated, "1"))
	before := w.used("client/C000001")
	if got := w.verdict(trade.duplicate(t)); got != "" {
		t.Errorf("the duplicate's refusal led to %s", got)
	}
	if got := w.used("client/C000001"); got != before || got == "0 0" {
		t.Errorf("the original holds %s after the duplicate was refused, want %s", got, before)
	}
}

func TestARegisteredTradeIsConsumedWhateverBecameOfItsReservation(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(w *world, trade spot){
		"rejected before": func(w *world, trade spot) { w.verdict(trade.message(t, contract.TradeRejected, "1")) },
		"expired before": func(w *world, _ spot) {
			w.now = noon.Add(2 * time.Minute)
			w.book.ExpireDue(w.now)
			w.verdict(spot{"other", "C000001", "1400000"}.message(t, contract.TradeValidated, "now")) // another trade has reserved the line meanwhile
		},
	} {
		w := newWorld(t)
		trade := spot{"T1", "C000001", "1000000"}
		w.verdict(trade.message(t, contract.TradeValidated, "1"))
		before(w, trade)
		w.verdict(trade.message(t, contract.TradeRegistered, "1"))
		u, _ := w.book.Usage(line.Node{Level: line.Client, ID: "C000001"})
		if !u.Consumed.Equal(dec("100000")) {
			t.Errorf("%s: %v", name, u)
		}
	}
}

func TestARegisteredTradeWithoutReservationIsTakenFromItsMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.static.err = &line.MissingError{What: "rates loaded yet"} // a fact needs no static data
	w.static.snapshot = nil
	trade := spot{"T1", "C000001", "1000000"}
	if _, err := w.deliver(trade.message(t, contract.TradeRegistered, "nothing was reserved")); err == nil {
		t.Error("a trade whose exposure nobody knows was registered")
	}
	for _, way := range []string{"1", "again"} {
		if _, err := w.deliver(trade.registered(t, way)); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.used("client/C000001"); got != "0 100000" {
		t.Errorf("carries %s", got)
	}
	due := w.book.ChangedBuckets()
	if len(due) != 3 || !due[0].Amount.Equal(dec("1000000")) {
		t.Errorf("settlements %v", due)
	}
}

func TestATradeIsRefusedWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		trade  spot
		change func(w *world, data map[string]any)
		want   string
	}{
		{"its deadline has passed", spot{"T", "C000002", "1"}, func(w *world, _ map[string]any) { w.now = noon.Add(time.Hour) }, "trade.rejected expired"},
		{"static data is missing", spot{"T", "C000002", "1"}, func(w *world, _ map[string]any) {
			w.static = static{err: &line.MissingError{What: "rates loaded yet"}}
		}, "trade.rejected no_static_data"},
		{"a node has no line", spot{"T", "C000003", "1"}, nil, "trade.rejected no_static_data"},
		{"the rate of a currency is missing", spot{"T", "C000002", "1"}, func(w *world, _ map[string]any) { w.static.snapshot.Market = marketAt(map[string]string{"EUR": "1"}) }, "trade.rejected no_static_data"},
		{"it is over the clip", spot{"T", "C000001", "1900001"}, nil, "trade.rejected clip_exceeded"},
		{"its tenor is beyond the line's", spot{"T", "C000001", "1"}, later("2027-03-05"), "trade.rejected beyond_max_tenor"},
		{"its tenor is beyond every add-on", spot{"T", "C000002", "1"}, later("2027-11-29"), "trade.rejected beyond_max_tenor"},
		{"too much is due on one day", spot{"T", "C000001", "1000000"}, func(w *world, _ map[string]any) {
			w.book.LoadSettled(line.Bucket{Node: line.Node{Level: line.Client, ID: "C000001"}, ValueDate: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)}, dec("1000001"))
		}, "trade.rejected settlement_exceeded"},
	} {
		w, data := newWorld(t), c.trade.data()
		if c.change != nil {
			c.change(w, data)
		}
		if got := w.verdict(message(t, contract.TradeValidated, c.trade.id(), "1", noon.Add(time.Minute), data)); got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
		if n := len(w.book.Added()); n != 0 {
			t.Errorf("%s: %d reservations", c.rule, n)
		}
	}
}

func later(valueDate string) func(*world, map[string]any) {
	return func(_ *world, data map[string]any) {
		data["validated"] = spot{amount: "1"}.dataOn(valueDate)["validated"]
	}
}

func TestAskedForAgainATradeIsAnsweredTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trade := spot{"T1", "C000001", "1000000"}
	first, err := w.deliver(trade.message(t, contract.TradeValidated, "1"))
	if err != nil {
		t.Fatal(err)
	}
	w.now = noon.Add(30 * time.Second)
	second, err := w.deliver(trade.message(t, contract.TradeValidated, "again"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first[0].Data), string(second[0].Data)); diff != "" {
		t.Error(diff)
	}
	if got := w.used("client/C000001"); got != "100000 0" {
		t.Errorf("carries %s", got)
	}
	w.now = noon.Add(line.DefaultLife)
	e := trade.message(t, contract.TradeValidated, "late")
	e.Deadline = time.Time{}
	if got := w.verdict(e); got != "trade.rejected reservation_ended" {
		t.Errorf("after the expiry: %s", got)
	}
}

// The reservation of a trade lasts until the trade's deadline, but never longer than MaxLife.
func TestATradesReservationOutlivesItsDeadline(t *testing.T) {
	t.Parallel()
	for deadline, want := range map[time.Duration]time.Duration{
		10 * time.Second: line.DefaultLife,
		5 * time.Minute:  5 * time.Minute,
		time.Hour:        line.MaxLife,
	} {
		w := newWorld(t)
		e := spot{"T1", "C000001", "1"}.message(t, contract.TradeValidated, "1")
		e.Deadline = noon.Add(deadline)
		emitted, err := w.deliver(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := read[answered](t, emitted[0]).Reserved.ExpiresAt.Sub(noon); got != want {
			t.Errorf("deadline in %s: expires in %s, want %s", deadline, got, want)
		}
	}
}

func TestAMessageThatCanNotBeReadIsPoisonAndAsksForNothing(t *testing.T) {
	t.Parallel()
	good := spot{"T1", "C000001", "1"}
	for name, e := range map[string]event.Event{
		"id is no UUID":    message(t, contract.TradeValidated, "x", "1", noon, map[string]any{"request": map[string]any{"trade_id": "1"}}),
		"no client":        spot{"T1", "", "1"}.message(t, contract.TradeValidated, "1"),
		"amount is zero":   spot{"T1", "C000001", "0"}.message(t, contract.TradeValidated, "1"),
		"no legs":          message(t, contract.TradeValidated, "x", "1", noon, map[string]any{"request": good.data()["request"]}),
		"not even a trade": message(t, contract.TradeRejected, "x", "1", noon, map[string]any{"request": 1}),
		"unknown action":   checkOf{reference: "L1", provider: "ALPHA", action: "steal", amount: "1"}.message(t, noon),
	} {
		w := newWorld(t)
		if emitted, err := w.deliver(e); err == nil {
			t.Errorf("%s: led to %v", name, emitted)
		}
	}
}
