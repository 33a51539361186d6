package steps

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// consumedFor is the consumption of L1 for the deal of trade T1; an amount of "" is all.
func consumedFor(amount string) checkOf {
	c := resolving(messages.Consume, "L2", "L1")
	c.change = func(r map[string]any) { r["for_trade_id"], r["amount"] = spot{"T1", "", ""}.id(), amount }
	return c
}

// The deal and its consumption come in either order: the deal counts once, and is carried by the trade in the end.
func TestAConsumptionAndItsTradeAreOneUseInEitherOrder(t *testing.T) {
	t.Parallel()
	report := using{spot: spot{"T1", "C000001", "400000"}, check: "L1", kind: messages.Reported}
	trade := func(w *world) {
		if got := w.verdict(report.message(w.t, contract.TradeValidated, "1")); got != "trade.reserved " {
			w.t.Error(got)
		}
		w.verdict(report.message(w.t, contract.TradeRegistered, "1"))
	}
	consumption := func(w *world) {
		if got := w.verdict(consumedFor("400000").message(w.t, deadline)); got != "linecheck.completed consumed" {
			w.t.Error(got)
		}
	}
	for order, steps := range map[string][]func(*world){
		"the trade first":       {trade, consumption},
		"the consumption first": {consumption, trade},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		for _, step := range steps {
			step(w)
		}
		if got := w.used("client/C000001"); got != "60000 40000" {
			t.Errorf("%s: carries %s", order, got)
		}
		w.book.ExpireDue(noon.Add(line.MaxLife))
		if got := w.used("client/C000001"); got != "0 40000" {
			t.Errorf("%s: carries %s after the check's expiry", order, got)
		}
	}
}

func TestAConsumptionForATradeThatIsDone(t *testing.T) {
	t.Parallel()
	whole := using{spot: spot{"T1", "C000001", "1000000"}, check: "L1", kind: messages.Reported}
	part := using{spot: spot{"T1", "C000001", "400000"}, check: "L1", kind: messages.Reported}
	done := func(u using) func(*world) {
		return func(w *world) {
			w.verdict(u.message(w.t, contract.TradeValidated, "1"))
			w.verdict(u.message(w.t, contract.TradeRegistered, "1"))
		}
	}
	for rule, c := range map[string]struct {
		before func(*world)
		amount string
		want   string
		used   string
	}{
		"the whole check is used":                  {done(whole), "1000000", "linecheck.completed consumed", "0 100000"},
		"no amount is that of the trade":           {done(part), "", "linecheck.completed consumed", "60000 40000"},
		"less than the trade has used":             {done(part), "300000", "linecheck.completed consumed", "60000 40000"},
		"what is beyond the trade is consumed":     {done(part), "400100", "linecheck.completed consumed", "59990 40010"},
		"more than the trade has used and is open": {done(part), "1000000.01", "linecheck.rejected reservation_differs", "60000 40000"},
		"the check has expired since":              {func(w *world) { done(part)(w); w.now = noon.Add(line.DefaultLife) }, "400000", "linecheck.completed consumed", "0 40000"},
		"the trade is not there yet":               {func(*world) {}, "400000", "linecheck.completed consumed", "60000 40000"},
		"the trade was rejected: the check's":      {rejectedUse(part), "400000", "linecheck.completed consumed", "60000 40000"},
		"the trade names no check":                 {func(w *world) { w.verdict(part.spot.message(w.t, contract.TradeValidated, "1")) }, "400000", "linecheck.rejected reservation_differs", "140000 0"},
		"the consumption is of another amount":     {done(part), "much", "linecheck.rejected invalid_amount", "60000 40000"},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		c.before(w)
		if got := w.verdict(consumedFor(c.amount).message(t, deadline)); got != c.want {
			t.Errorf("%s: %s, want %s", rule, got, c.want)
		}
		if got := w.used("client/C000001"); got != c.used {
			t.Errorf("%s: carries %s, want %s", rule, got, c.used)
		}
	}
}

func rejectedUse(u using) func(*world) {
	return func(w *world) {
		w.verdict(u.message(w.t, contract.TradeValidated, "1"))
		w.now = noon.Add(time.Second)
		w.verdict(u.message(w.t, contract.TradeRejected, "1"))
	}
}

// The provider was told that its deal is consumed. If its trade comes to nothing after that, the deal stays on the line.
func TestAConsumptionOutlivesItsTrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	report := using{spot: spot{"T1", "C000001", "400000"}, check: "L1", kind: messages.Reported}
	w.verdict(report.message(t, contract.TradeValidated, "1"))
	if got := w.verdict(consumedFor("300000").message(t, deadline)); got != "linecheck.completed consumed" {
		t.Fatal(got)
	}
	w.now = noon.Add(line.DefaultLife)
	w.verdict(report.message(t, contract.TradeRejected, "1"))
	w.book.ExpireDue(w.now)
	if got := w.used("client/C000001"); got != "0 30000" {
		t.Errorf("carries %s", got)
	}
}

// The same on two replicas, with what the database keeps between the messages.
func TestAConsumptionOutlivesItsTradeInTheDatabase(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	report := using{spot: spot{"T1", "C000001", "1000000"}, check: "L1", kind: messages.Reported}
	data := report.dataOf(contract.TradeRejected)
	data["request"].(map[string]any)["kind"] = messages.Reported
	data["request"].(map[string]any)["line_check"] = map[string]any{"check_id": reserving("L1", "").id()}
	for i, e := range []event.Event{
		reserving("L1", "1000000").message(t, soon()),
		message(t, contract.TradeValidated, report.id(), "1", soon(), data),
		consumedFor("").message(t, soon()),
		message(t, contract.TradeRejected, report.id(), "1", soon(), data),
	} {
		b.handle(i%2, e)
	}
	b.mustCarry("0 100000")
}

// The answer shows what stands: the trade's part, and what the check has left.
func TestTheAnswerToASecondUseShowsWhatStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	w.verdict(using{spot: spot{"T1", "C000001", "400000"}, check: "L1", kind: messages.Reported}.message(t, contract.TradeValidated, "1"))
	emitted, err := w.deliver(consumedFor("").message(t, deadline))
	if err != nil {
		t.Fatal(err)
	}
	got := read[struct{ Result messages.Result }](t, emitted[0]).Result
	if !got.Amount.Equal(dec("400000")) || !got.Open.Equal(dec("600000")) || !got.Taken.IsZero() {
		t.Errorf("%s", emitted[0].Data)
	}
}

// A provider cannot name another provider's trade, nor a line check, nor what cannot be a trade id.
func TestAConsumptionNamesATradeOfItsProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	data := spot{"T1", "C000002", "400000"}.dataOf(contract.TradeValidated)
	data["request"].(map[string]any)["provider"] = "BETA"
	w.verdict(message(t, contract.TradeValidated, "T1", "1", deadline, data))
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	for what, id := range map[string]string{"another provider's": spot{"T1", "", ""}.id(), "a check": reserving("L1", "").id(), "no id": "T-1"} {
		c := consumedFor("400000")
		c.reference, c.change = what, func(r map[string]any) { r["for_trade_id"] = id }
		if got := w.verdict(c.message(t, deadline)); got != "linecheck.rejected unknown_reservation" || w.used("client/C000001") != "100000 0" {
			t.Errorf("%s: %s, carries %s", what, got, w.used("client/C000001"))
		}
	}
}

// The other provider may guess the id of a trade that has not come yet. The trade is checked as if nobody had named it.
func TestAConsumptionForAnotherProvidersTradeDoesNotTouchIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	w.verdict(consumedFor("400000").message(t, deadline))
	data := spot{"T1", "C000001", "100000"}.dataOf(contract.TradeValidated)
	data["request"].(map[string]any)["provider"] = "BETA"
	if got := w.verdict(message(t, contract.TradeValidated, "T1", "1", deadline, data)); got != "trade.reserved " || w.used("client/C000001") != "70000 40000" {
		t.Errorf("%s, carries %s", got, w.used("client/C000001"))
	}
}
