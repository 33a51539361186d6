package steps

import (
	"maps"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

// unmeasured returns the data of a report of 400,000 of the client's check L1 if it names that, and of a swap if it is one.
func unmeasured(names, swap bool) map[string]any {
	trade := spot{"T1", "C000001", "400000"}
	data := trade.data()
	if swap {
		data = trade.asSwap()
	}
	request := data["request"].(map[string]any)
	request["kind"] = messages.Reported
	if names {
		request["line_check"] = map[string]any{"check_id": reserving("L1", "").id()}
	}
	return data
}

// A report that cannot be measured is answered at once. Its registration waits for the figures, and then it counts what it uses.
func TestAReportThatIsNotMeasuredIsMeasuredWhenItIsRegistered(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		names, swap   bool
		before, after string // of the client: open and with the trade, and consumed
	}{
		"by itself":               {false, false, "50000 0", "50000 40000"},
		"a swap":                  {false, true, "50000 0", "50000 40000"},
		"of its check":            {true, false, "50000 0", "10000 40000"},
		"a swap, beside its part": {true, true, "50000 0", "10000 40000"},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "500000").message(t, deadline))
		addOns := w.static.snapshot.AddOns
		w.static.snapshot.AddOns = nil
		id := spot{"T1", "", ""}.id()
		answer, err := w.deliver(message(t, contract.TradeValidated, id, "1", deadline, unmeasured(c.names, c.swap)))
		if err != nil || answer[0].Type != contract.TradeReserved {
			t.Fatalf("%s: %v, %v", rule, answer, err)
		}
		registered := message(t, contract.TradeRegistered, id, "1", time.Time{}, answer[0].Data)
		for range 2 {
			if _, err := w.deliver(registered); !amqp.Waits(err) || w.used("client/C000001") != c.before {
				t.Errorf("%s: %v, carries %s", rule, err, w.used("client/C000001"))
			}
		}
		w.static.snapshot.AddOns = addOns
		for range 2 {
			w.verdict(registered)
			if got := w.used("client/C000001"); got != c.after {
				t.Errorf("%s: measured, it carries %s, want %s", rule, got, c.after)
			}
		}
	}
}

// It is settled meanwhile, or its reservation is lost.
func TestAReportThatIsNotMeasuredEndsAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	addOns := w.static.snapshot.AddOns
	w.static.snapshot.AddOns = nil
	trade := spot{"T1", "C000001", "400000"}
	answer, err := w.deliver(message(t, contract.TradeValidated, trade.id(), "1", deadline, unmeasured(false, false)))
	if err != nil {
		t.Fatal(err)
	}
	registered := message(t, contract.TradeRegistered, trade.id(), "1", time.Time{}, answer[0].Data)
	w.verdict(trade.settled(t, 1, "1"))
	w.verdict(registered)
	if got := w.used("client/C000001"); got != "0 0" {
		t.Errorf("settled, it carries %s", got)
	}
	lost := newWorld(t)
	lost.static.snapshot.AddOns = nil
	if _, err := lost.deliver(registered); !amqp.Waits(err) {
		t.Error(err)
	}
	lost.static.snapshot.AddOns = addOns
	lost.verdict(registered)
	if got := lost.used("client/C000001"); got != "0 40000" {
		t.Errorf("rebuilt, it carries %s", got)
	}
}

// Thousands of trades may wait to be measured. Their pauses grow.
func TestTradesThatWaitToBeMeasuredCostLittle(t *testing.T) {
	t.Parallel()
	for _, q := range Topology().Queues {
		if q.Name == FactsQueue && !q.Waits {
			t.Error("each of them comes back every second")
		}
	}
}

// The same in the database, where the sums agree all the time.
func TestTheDatabaseKeepsWhatWasMeasuredLater(t *testing.T) {
	t.Parallel()
	for _, netted := range []bool{false, true} {
		for _, names := range []bool{false, true} {
			b := nettedBank(t, netted)
			without := snapshot()
			without.AddOns = nil
			early := all(static{snapshot: without}).Handler(b.pool, "early", testkit.Log(t))
			b.handle(0, reserving("L1", "500000").message(t, soon()))
			for _, swap := range []bool{false, true} {
				data := maps.Clone(unmeasured(names, swap))
				id := spot{"T1", "", ""}.id()
				if swap {
					id = spot{"T2", "", ""}.id()
					data["request"].(map[string]any)["trade_id"] = id
				}
				answer := handle(t, early, message(t, contract.TradeValidated, id, "1", soon(), data))
				mustBalance(t, b.pool)
				registered := message(t, contract.TradeRegistered, id, "1", time.Time{}, answer[0].Data)
				if r := early.Handle(t.Context(), []event.Event{registered})[0]; !amqp.Waits(r.Err) {
					t.Errorf("%+v", r)
				}
				b.handle(1, registered)
				mustBalance(t, b.pool)
			}
			want := "50000 80000"
			if names {
				want = "0 80000"
			}
			b.mustCarry(want)
		}
	}
}
