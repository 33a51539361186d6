package steps

import (
	"slices"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// A trade's reservation has expired, and the trade is registered all the same: its message was late. What its provider consumes of
// the check for it, before or meanwhile, is one use with the trade, in every order.
func TestAConsumptionForATradeWhoseReservationExpiresIsOneUseInEveryOrder(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		consumed []string // for the trade of 400,000, of a check of 1,000,000
		end      string   // trade.registered or trade.rejected
		want     string   // of the client: open and with the trade, and consumed
	}{
		"nothing is consumed":            {nil, "registered", "60000 40000"},
		"the whole":                      {[]string{"400000"}, "registered", "60000 40000"},
		"a part":                         {[]string{"300000"}, "registered", "60000 40000"},
		"two parts":                      {[]string{"100000", "300000"}, "registered", "60000 40000"},
		"more than the trade":            {[]string{"300000", "300000"}, "registered", "40000 60000"},
		"no amount is that of the trade": {[]string{""}, "registered", "60000 40000"},
		"the whole, and it is rejected":  {[]string{"400000"}, "rejected", "60000 40000"},
		"two parts, and it is rejected":  {[]string{"100000", "300000"}, "rejected", "60000 40000"},
	} {
		for _, kind := range []string{"", messages.Reported} {
			events := []string{"validated", "expired", c.end}
			for range c.consumed {
				events = append(events, "consumed")
			}
			orders(events, func(order []string) {
				w := newWorld(t)
				w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
				said := w.live(dealing("T1", "400000", kind), order, c.consumed)
				if got := w.used("client/C000002"); got != c.want {
					t.Errorf("%s, kind %q: carries %s, want %s; %v: %v", rule, kind, got, c.want, order, said)
				}
				if c.end != "rejected" {
					return
				}
				w.verdict(dealing("T2", "400000", messages.Reported).message(t, contract.TradeValidated, "1"))
				if got := w.used("client/C000002"); got != "100000 0" {
					t.Errorf("%s, kind %q: the deal is reported again as another trade: %s; %v", rule, kind, got, order)
				}
			})
		}
	}
}

// live lets a trade and consumptions for it go through events. It returns what was said.
func (w *world) live(trade using, order, amounts []string) (said []string) {
	w.t.Helper()
	for _, event := range order {
		switch event {
		case "expired":
			_, err := w.book.End(trade.id(), line.Expire, w.now)
			if unlessEnded(err) != nil {
				w.t.Fatal(err)
			}
		case "consumed":
			said = append(said, w.verdict(consuming("C"+amounts[0], amounts[0], "T1").message(w.t, deadline)))
			amounts = amounts[1:]
		case "validated":
			said = append(said, w.verdict(trade.message(w.t, contract.TradeValidated, "1")))
		case "registered":
			said = append(said, w.verdict(trade.message(w.t, contract.TradeRegistered, "1")))
		case "rejected":
			said = append(said, w.verdict(trade.message(w.t, contract.TradeRejected, "1")))
		}
	}
	return said
}

// orders calls what for every order of the events in which the trade is validated before it expires and before it ends.
func orders(events []string, what func([]string)) {
	var rest func(chosen, left []string)
	rest = func(chosen, left []string) {
		if len(left) == 0 {
			what(chosen)
		}
		for i, e := range left {
			if e != "consumed" && e != "validated" && !slices.Contains(chosen, "validated") || slices.Index(left, e) < i {
				continue
			}
			rest(append(slices.Clone(chosen), e), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	rest(nil, events)
}

// The reservation of a report has no deadline: its registration may come whenever it does.
func TestAReportsReservationOutlivesAStall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	report := dealing("T1", "400000", messages.Reported)
	w.verdict(report.message(t, contract.TradeValidated, "1"))
	w.now = noon.Add(7 * 24 * time.Hour)
	w.book.ExpireDue(w.now)
	if got := w.used("client/C000002"); got != "40000 0" {
		t.Errorf("a week later it carries %s", got)
	}
	if got := w.verdict(consuming("L2", "400000", "T1").message(t, w.now.Add(time.Minute))); got != "linecheck.completed consumed" {
		t.Error(got)
	}
	w.verdict(report.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000002"); got != "0 40000" {
		t.Errorf("registered: %s", got)
	}
}

// A consumption cannot be for a trade that did not use the check, also while nobody knows whether that will be registered.
func TestAConsumptionForAnExpiredTradeWithoutTheCheckIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	trade := spot{"T1", "C000002", "400000"}
	w.verdict(trade.message(t, contract.TradeValidated, "1"))
	if _, err := w.book.End(trade.id(), line.Expire, w.now); err != nil {
		t.Fatal(err)
	}
	if got := w.verdict(consuming("L2", "400000", "T1").message(t, deadline)); got != "linecheck.rejected reservation_differs" {
		t.Error(got)
	}
	w.verdict(trade.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000002"); got != "100000 40000" {
		t.Errorf("carries %s", got)
	}
}
