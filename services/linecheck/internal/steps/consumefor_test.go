package steps

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// ofWide makes a check one of the client with a wide line.
func ofWide(c checkOf) checkOf {
	change := c.change
	c.change = func(r map[string]any) {
		r["client"] = "C000002"
		if change != nil {
			change(r)
		}
	}
	return c
}

// consuming is a consumption of L1, for a trade unless its reference is empty.
func consuming(reference, amount, trade string) checkOf {
	c := resolving(messages.Consume, reference, "L1")
	c.amount = amount
	c.change = func(r map[string]any) {
		if trade != "" {
			r["for_trade_id"] = spot{trade, "", ""}.id()
		}
	}
	return ofWide(c)
}

func dealing(reference, amount, kind string) using {
	return using{spot: spot{reference, "C000002", amount}, check: "L1", kind: kind}
}

// Consumptions for a trade add up to it, and what is beyond its size is consumed by itself. So in every order the check of 1,000,000
// ends with the same parts: each trade once, the rest of what was consumed, and the rest open.
func TestConsumptionsAndTheirTradesEndTheSameInEveryOrder(t *testing.T) {
	t.Parallel()
	const request, report = "", messages.Reported
	use := func(reference, amount, kind string) event.Event {
		return dealing(reference, amount, kind).message(t, contract.TradeValidated, "1")
	}
	consume := func(reference, amount, trade string) event.Event {
		return consuming(reference, amount, trade).message(t, deadline)
	}
	for rule, c := range map[string]struct {
		want   string // of the client: open and with trades, and consumed
		events []event.Event
	}{
		"a request":                   {"100000 0", []event.Event{use("T1", "400000", request), consume("A", "400000", "T1")}},
		"a report":                    {"100000 0", []event.Event{use("T1", "400000", report), consume("A", "400000", "T1")}},
		"two parts of a request":      {"100000 0", []event.Event{use("T1", "400000", request), consume("A", "100000", "T1"), consume("B", "300000", "T1")}},
		"two parts of a report":       {"100000 0", []event.Event{use("T1", "400000", report), consume("A", "100000", "T1"), consume("B", "300000", "T1")}},
		"less than the trade":         {"100000 0", []event.Event{use("T1", "400000", request), consume("A", "100000", "T1"), consume("B", "100000", "T1")}},
		"more than the request":       {"80000 20000", []event.Event{use("T1", "400000", request), consume("A", "300000", "T1"), consume("B", "300000", "T1")}},
		"more than the report":        {"80000 20000", []event.Event{use("T1", "400000", report), consume("A", "300000", "T1"), consume("B", "300000", "T1")}},
		"of another deal as well":     {"90000 10000", []event.Event{use("T1", "400000", request), consume("A", "400000", "T1"), consume("B", "100000", "")}},
		"all of a report and another": {"90000 10000", []event.Event{use("T1", "400000", report), consume("A", "400000", "T1"), consume("B", "100000", "")}},
		"two trades": {"90000 10000", []event.Event{
			use("T1", "300000", report), use("T2", "200000", report), consume("A", "300000", "T1"), consume("B", "250000", "T2"), consume("C", "50000", "T1"),
		}},
		"a request and a report": {"95000 5000", []event.Event{
			use("T1", "300000", request), use("T2", "200000", report), consume("A", "350000", "T1"), consume("B", "150000", "T2"), consume("C", "50000", "T2"),
		}},
		"no amount is that of the trade": {"100000 0", []event.Event{use("T1", "400000", request), consume("A", "", "T1")}},
	} {
		permutations(c.events, func(order []event.Event) {
			w := newWorld(t)
			w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
			var said []string
			for _, e := range order {
				said = append(said, w.verdict(e))
			}
			if got := w.used("client/C000002"); got != c.want || strings.Contains(fmt.Sprint(said), "rejected") {
				t.Errorf("%s: carries %s, want %s; %v", rule, got, c.want, said)
			}
		})
	}
}

// permutations calls what for every order of the events.
func permutations(events []event.Event, what func([]event.Event)) {
	var rest func(chosen, left []event.Event)
	rest = func(chosen, left []event.Event) {
		if len(left) == 0 {
			what(chosen)
		}
		for i, e := range left {
			rest(append(slices.Clone(chosen), e), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	rest(nil, events)
}

// A trade need not name the check if the consumption has named the trade.
func TestATradeUsesWhatWasConsumedForIt(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		consumed, amount, kind string
		want, used             string
	}{
		"a request of the whole":               {"1000000", "1000000", "", "trade.reserved ", "100000 0"},
		"a report of the whole":                {"1000000", "1000000", messages.Reported, "trade.reserved ", "100000 0"},
		"a part, and more of what is open":     {"300000", "400000", "", "trade.reserved ", "100000 0"},
		"less than was stated":                 {"500000", "400000", "", "trade.reserved ", "90000 10000"},
		"less, and no amount was stated":       {"", "400000", "", "trade.reserved ", "100000 0"},
		"more than the check":                  {"300000", "1000000.01", "", "trade.rejected reservation_differs", "70000 30000"},
		"another side than what was consumed":  {"300000", "sell", "", "trade.rejected reservation_differs", "70000 30000"},
		"another client than what was checked": {"300000", "C000001", "", "trade.rejected reservation_differs", "70000 30000"},
	} {
		w := newWorld(t)
		w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
		w.verdict(consuming("L2", c.consumed, "T1").message(t, deadline))
		trade := spot{"T1", "C000002", c.amount}
		if c.amount == "sell" || c.amount == "C000001" {
			trade.amount = "300000"
		}
		data := trade.data()
		data["request"].(map[string]any)["kind"] = c.kind
		if c.amount == "sell" {
			legOf(data)["base_side"] = "sell"
		}
		if c.amount == "C000001" {
			data["request"].(map[string]any)["client"] = "C000001"
		}
		emitted, err := w.deliver(message(t, contract.TradeValidated, trade.id(), "1", deadline, data))
		if err != nil {
			t.Fatal(rule, err)
		}
		if got := short(t, emitted[0]); got != c.want || w.used("client/C000002") != c.used {
			t.Errorf("%s: %s, carries %s, want %s, %s", rule, got, w.used("client/C000002"), c.want, c.used)
		}
		if text := read[answered](t, emitted[0]).Rejected.Text; text != "" && !strings.Contains(text, "was consumed for this trade") {
			t.Errorf("%s: %s", rule, text)
		}
	}
}

// What was consumed for one trade is not for another one.
func TestAReportLeavesWhatWasConsumedForAnotherTrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	w.verdict(consuming("L2", "700000", "T1").message(t, deadline))
	if got := w.verdict(dealing("T2", "400000", messages.Reported).message(t, contract.TradeValidated, "1")); got != "trade.reserved " || w.used("client/C000002") != "40000 70000" {
		t.Errorf("only 300,000 are left for another report, which counts the rest by itself: %s, carries %s", got, w.used("client/C000002"))
	}
	if got := w.verdict(dealing("T1", "700000", "").message(t, contract.TradeValidated, "1")); got != "trade.reserved " || w.used("client/C000002") != "110000 0" {
		t.Errorf("the trade itself, of a check of which nothing is open: %s, carries %s", got, w.used("client/C000002"))
	}
}

func TestATradeUsesOneReservation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, check := range []string{"L0", "L1"} {
		w.verdict(ofWide(reserving(check, "1000000")).message(t, deadline))
	}
	w.verdict(consuming("L2", "400000", "T1").message(t, deadline))
	other := consuming("L3", "400000", "T1")
	other.target = "L0"
	if got := w.verdict(other.message(t, deadline)); got != "linecheck.rejected reservation_differs" {
		t.Errorf("a consumption of a second reservation: %s", got)
	}
	names := dealing("T1", "400000", "")
	names.check = "L0"
	if got := w.verdict(names.message(t, contract.TradeValidated, "1")); got != "trade.rejected reservation_differs" {
		t.Errorf("the trade names another one: %s", got)
	}
	if got := w.used("client/C000002"); got != "160000 40000" {
		t.Errorf("carries %s", got)
	}
}

// A reversal takes first what was consumed for no trade. The trade then needs of what is open what was reversed.
func TestAReversalOfWhatIsKeptForATrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	w.verdict(consuming("L2", "400000", "T1").message(t, deadline))
	w.verdict(consuming("L3", "100000", "").message(t, deadline))
	reverse := ofWide(resolving(messages.Reverse, "L4", "L1"))
	reverse.amount = "300000"
	if got := w.verdict(reverse.message(t, deadline)); got != "linecheck.completed reversed" || w.used("client/C000002") != "50000 20000" {
		t.Errorf("%s, carries %s", got, w.used("client/C000002"))
	}
	if got := w.verdict(dealing("T1", "400000", "").message(t, contract.TradeValidated, "1")); got != "trade.reserved " || w.used("client/C000002") != "70000 0" {
		t.Errorf("%s, carries %s", got, w.used("client/C000002"))
	}
}

// A reversal that names the trade leaves what was consumed for others.
func TestAReversalNamesTheTradeForWhichItIs(t *testing.T) {
	t.Parallel()
	reverse := func(reference, amount, trade string) checkOf {
		c := consuming(reference, amount, trade)
		c.action = messages.Reverse
		return c
	}
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	w.verdict(consuming("L2", "400000", "T1").message(t, deadline))
	w.verdict(consuming("L3", "300000", "T2").message(t, deadline))
	for _, c := range []struct {
		rule, amount, trade string
		want, used          string
	}{
		{"more than was consumed for it", "300000.01", "T2", "linecheck.rejected reservation_differs", "30000 70000"},
		{"a part", "100000", "T2", "linecheck.completed reversed", "30000 60000"},
		{"the rest", "", "T2", "linecheck.completed reversed", "30000 40000"},
		{"nothing is left", "", "T2", "linecheck.rejected reservation_differs", "30000 40000"},
	} {
		if got := w.verdict(reverse(c.rule, c.amount, c.trade).message(t, deadline)); got != c.want || w.used("client/C000002") != c.used {
			t.Errorf("%s: %s, carries %s", c.rule, got, w.used("client/C000002"))
		}
	}
	w.verdict(dealing("T1", "400000", "").message(t, contract.TradeValidated, "1"))
	if got := w.verdict(reverse("late", "", "T1").message(t, deadline)); got != "linecheck.rejected reservation_differs" || w.used("client/C000002") != "70000 0" {
		t.Errorf("after the trade: %s, carries %s", got, w.used("client/C000002"))
	}
}

// What is kept for a trade outlives the check: the provider has said that it dealt. Of a consumption without an amount the trade may leave
// something. That is open again and lapses at once, so the check has expired.
func TestATradeUsesWhatWasConsumedForItAfterTheCheckHasExpired(t *testing.T) {
	t.Parallel()
	for amount, state := range map[string]line.State{"400000": line.Used, "": line.Expired} {
		w := newWorld(t)
		w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
		w.verdict(consuming("L2", amount, "T1").message(t, deadline))
		w.now = noon.Add(line.DefaultLife)
		w.book.ExpireDue(w.now)
		use := dealing("T1", "400000", "")
		e := use.message(t, contract.TradeValidated, "1")
		e.Deadline = w.now.Add(time.Minute)
		if got := w.verdict(e); got != "trade.reserved " || w.used("client/C000002") != "40000 0" {
			t.Errorf("consumed %q: %s, carries %s", amount, got, w.used("client/C000002"))
		}
		if check, _ := w.book.Reservation(reserving("L1", "").id()); check.State != state || !check.Open.IsZero() || !check.Taken.IsZero() {
			t.Errorf("consumed %q: the check is %s, %s open, %s consumed", amount, check.State, check.Open, check.Taken)
		}
	}
}

// The check promises room until its end. A trade that comes later is checked against its lines as they are then. What was consumed for
// it counts once.
func TestATradeAfterTheEndOfItsCheckIsCheckedAgain(t *testing.T) {
	t.Parallel()
	client := line.Node{Level: line.Client, ID: "C000002"}
	limit := func(l line.Limit) func(*world) {
		return func(w *world) { w.static.snapshot.Limits[client] = usd(l) }
	}
	wide := dec("1000000")
	for _, c := range []struct {
		rule   string
		change func(*world)
		want   string // after the end
	}{
		{"the line bears it, and nothing else", limit(line.Limit{Amount: dec("40000")}), "trade.reserved "},
		{"the line was lowered", limit(line.Limit{Amount: dec("39999.99")}), "trade.rejected line_exceeded"},
		{"the clip was lowered", limit(line.Limit{Amount: wide, Clip: decimal.NewNullDecimal(dec("399999"))}), "trade.rejected clip_exceeded"},
		{"the settlement limit was lowered", limit(line.Limit{Amount: wide, Settlement: decimal.NewNullDecimal(dec("399999"))}), "trade.rejected settlement_exceeded"},
		{"and bears it, and nothing else", limit(line.Limit{Amount: wide, Settlement: decimal.NewNullDecimal(dec("400000"))}), "trade.reserved "},
		{"the line was taken away", func(w *world) { delete(w.static.snapshot.Limits, client) }, "trade.rejected no_static_data"},
	} {
		for _, named := range []bool{false, true} {
			for after, want := range map[time.Duration]string{time.Second: "trade.reserved ", line.DefaultLife: c.want} {
				w := newWorld(t)
				w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
				w.verdict(consuming("L2", "400000", "T1").message(t, deadline))
				w.now = noon.Add(after)
				w.book.ExpireDue(w.now)
				c.change(w)
				use := dealing("T1", "400000", "")
				e := use.message(t, contract.TradeValidated, "1")
				if !named {
					e = use.spot.message(t, contract.TradeValidated, "1")
				}
				e.Deadline = w.now.Add(time.Minute)
				if got := w.verdict(e); got != want {
					t.Errorf("%s, names the check %t, after %s: %s, want %s", c.rule, named, after, got, want)
				}
				if got := w.used("client/C000002"); after == line.DefaultLife && got != map[bool]string{true: "40000 0", false: "0 40000"}[want == "trade.reserved "] {
					t.Errorf("%s, names the check %t: carries %s", c.rule, named, got)
				}
			}
		}
	}
}

// The same on two replicas, with what the database keeps between the messages. The trade names no check.
func TestTheDatabaseKeepsWhatWasConsumedForATrade(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	consume := consumedFor("400000")
	trade := spot{"T1", "C000001", "400000"}
	b.handle(0, reserving("L1", "1000000").message(t, soon()))
	b.handle(1, consume.message(t, soon()))
	b.mustKeep(1)
	b.handle(0, message(t, contract.TradeValidated, trade.id(), "1", soon(), trade.data()))
	b.mustCarry("100000 0")
	b.mustKeep(0)
	b.handle(1, trade.message(t, contract.TradeRegistered, "1"))
	b.mustCarry("60000 40000")
}

func (b *bank) mustKeep(n int) {
	b.t.Helper()
	var kept int
	if err := b.pool.QueryRow(b.t.Context(), "select count(*) from earmark").Scan(&kept); err != nil || kept != n {
		b.t.Errorf("%d parts are kept for trades, want %d: %v", kept, n, err)
	}
}

// All of the check was consumed for another trade: a report that names it counts by itself, under its own agreement.
func TestAReportForWhichNothingIsLeftDoesNotUseTheCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(ofWide(reserving("L1", "1000000")).message(t, deadline))
	w.verdict(consuming("L2", "1000000", "T1").message(t, deadline))
	w.static.snapshot.Clients["C000002"] = directory.Client{Group: "G0001", Desk: "FXS1", Netted: true} // since the check
	report := dealing("T2", "400000", messages.Reported)
	e := report.message(t, contract.TradeValidated, "1")
	path := line.Path{Group: "G0001", Desk: "FXS1", Client: "C000002"}
	for _, set := range (line.Terms{Pair: "EUR/USD", ValueDate: fxdate.DateOf(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)), Netted: true}).Sets(path, nil) {
		w.book.LoadSet(set, line.Netting{})
		w.book.LoadEffect(set.Agreement(), line.Effect{})
	}
	emitted, err := w.deliver(e)
	if err != nil {
		t.Fatal(err)
	}
	told := read[answered](t, emitted[0])
	if got := flagsOf(told); !strings.HasPrefix(got, "check_not_used the trade counts by itself: nothing is left") || told.Reserved.Basis.LineCheck != nil {
		t.Errorf("%s", got)
	}
	if r, _ := w.book.Reservation(report.id()); !r.Terms.Netted || told.Reserved.Basis.Exchange == nil || w.used("client/C000002") != "40000 100000" {
		t.Errorf("%+v, carries %s", r.Terms, w.used("client/C000002"))
	}
}
