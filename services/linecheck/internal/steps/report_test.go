package steps

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// reported delivers a report of the client's million euros and returns the answer, which must not be a refusal.
func (w *world) reported(amount string, change func(data map[string]any)) answered {
	w.t.Helper()
	trade := spot{"T1", "C000001", amount}
	data := trade.data()
	data["request"].(map[string]any)["kind"] = messages.Reported
	if change != nil {
		change(data)
	}
	emitted, err := w.deliver(message(w.t, contract.TradeValidated, trade.id(), "1", deadline, data))
	if err != nil {
		w.t.Fatal(err)
	}
	if emitted[0].Type != contract.TradeReserved {
		w.t.Fatalf("%s: %s", emitted[0].Type, emitted[0].Data)
	}
	return read[answered](w.t, emitted[0])
}

func on(date string) func(map[string]any) {
	return func(data map[string]any) { legOf(data)["value_date"] = date }
}

// limit sets a limit of a node.
func limit(level line.Level, id string, l line.Limit) func(*world) {
	return func(w *world) { w.static.snapshot.Limits[line.Node{Level: level, ID: id}] = usd(l) }
}

// No line, no limit and no missing figure refuses a trade that is done: it counts, and is flagged.
func TestAReportIsBookedWhateverItsLinesSay(t *testing.T) {
	t.Parallel()
	small := line.Limit{Amount: dec("50000")}
	old := &line.MissingError{What: "rates recent enough to decide on"}
	for rule, c := range map[string]struct {
		given    func(*world)
		amount   string
		change   func(map[string]any)
		exposure string
		flags    string
	}{
		"every line bears it":  {nil, "1000000", nil, "100000", ""},
		"the client's line":    {nil, "1500000.01", nil, "150000.01", "over_line line_exceeded: line of client C000001"},
		"the group's line":     {limit(line.Group, "G0001", small), "1000000", nil, "100000", "over_line line_exceeded: line of group G0001"},
		"the desk's line":      {limit(line.Desk, "FXS1", small), "1000000", nil, "100000", "over_line line_exceeded: line of desk FXS1"},
		"the dealer's line":    {limit(line.Dealer, "U1", small), "1000000", dealtBy("U1"), "100000", "over_line line_exceeded: line of dealer U1"},
		"a dealer without one": {nil, "1000000", dealtBy("U1"), "100000", "not_measured it counts, but no line is checked: "},
		"the clip size":        {limit(line.Client, "C000001", line.Limit{Amount: dec("1000000"), Clip: decimal.NewNullDecimal(dec("999999.99"))}), "1000000", nil, "100000", "over_line clip_exceeded"},
		"the settlement limit": {limit(line.Client, "C000001", line.Limit{Amount: dec("1000000"), Settlement: decimal.NewNullDecimal(dec("999999.99"))}), "1000000", nil, "100000", "over_line settlement_exceeded"},
		"the longest tenor":    {nil, "1000000", on("2027-03-01"), "100000", "over_line beyond_max_tenor"},
		"the longest add-on": {
			limit(line.Client, "C000001", line.Limit{Amount: dec("1000000")}), "1000000", on("2030-11-26"), // 1461 days after spot instead of 365: twice the add-on, and a leap day
			"200068.49", "beyond_add_ons the last value date is 2030-11-26; add-ons are set up to 1Y, 2027-11-26: the last one is carried on",
		},
		"no line at all":     {func(w *world) { clear(w.static.snapshot.Limits) }, "1000000", nil, "100000", "not_measured it counts, but no line is checked: "},
		"no rates":           {func(w *world) { w.static.snapshot.Market = marketAt(nil) }, "1000000", nil, "0", "not_measured nothing is counted on its lines: "},
		"no add-ons":         {func(w *world) { w.static.snapshot.AddOns = nil }, "1000000", nil, "0", "not_measured nothing is counted on its lines: "},
		"no static data":     {func(w *world) { w.static = static{err: old} }, "1000000", nil, "0", "not_measured nothing is counted on its lines: "},
		"rates that are old": {func(w *world) { w.static.err = old }, "1000000", nil, "100000", "not_measured it is measured on what data there is: "},
	} {
		w := newWorld(t)
		w.book.LoadUsage(line.Node{Level: line.Dealer, ID: "U1"}, line.Usage{})
		if c.given != nil {
			c.given(w)
		}
		told := w.reported(c.amount, c.change)
		if got := flagsOf(told); !strings.HasPrefix(got, c.flags) || (got == "") != (c.flags == "") {
			t.Errorf("%s: flags %q", rule, got)
		}
		if got := w.used("client/C000001"); got != c.exposure+" 0" || !told.Reserved.Exposure.Equal(dec(c.exposure)) {
			t.Errorf("%s: carries %s, told %s", rule, got, told.Reserved.Exposure)
		}
		w.verdict(spot{"T1", "C000001", c.amount}.message(t, contract.TradeRegistered, "1"))
		if got := w.used("client/C000001"); got != "0 "+c.exposure {
			t.Errorf("%s: after registering it carries %s", rule, got)
		}
	}
}

// dealtBy makes a trader the one who asked by the API; with no user, a provider asked.
func dealtBy(user string) func(map[string]any) {
	return func(data map[string]any) {
		if delete(data, "caller"); user != "" {
			data["caller"] = traderOfFXS1(user)
		}
	}
}

// A swap of which nothing is known has a leg to settle for each of its own.
func TestAReportedSwapThatIsNotMeasuredCanBeSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.static.snapshot.AddOns = nil
	swap := spot{"T1", "C000001", "1000000"}
	w.reported("1000000", func(data map[string]any) { data["validated"] = swap.asSwap()["validated"] })
	for leg := 1; leg <= 2; leg++ {
		if _, err := w.deliver(swap.settled(t, leg, "1")); err != nil {
			t.Error(err)
		}
	}
}

// A report takes what is left of the check that it names. What is not left, or is for other terms, counts by itself.
func TestAReportTakesWhatIsLeftOfItsCheck(t *testing.T) {
	t.Parallel()
	resolve := func(action messages.Action, amount string) func(*world) {
		return func(w *world) {
			c := resolving(action, "R"+string(action), "L1")
			c.amount = amount
			w.verdict(c.message(t, deadline))
		}
	}
	for rule, c := range map[string]struct {
		given  func(*world) // after a check of 1,000,000 euros
		amount string
		change func(map[string]any)
		flags  string
		used   string // by the report and by what is left of its check
		taken  string // of the check
	}{
		"all of it":           {nil, "1000000", nil, "", "100000 0", "1000000"},
		"a part":              {nil, "400000", nil, "", "100000 0", "400000"},
		"more than it has":    {nil, "1200000", nil, "check_short 1000000 EUR is left of line check", "120000 0", "1000000"},
		"more than is left":   {resolve(messages.Cancel, "400000"), "1000000", nil, "check_short 600000 EUR is left", "100000 0", "600000"},
		"it is cancelled":     {resolve(messages.Cancel, ""), "1000000", nil, "check_not_used the trade counts by itself: reservation", "100000 0", ""},
		"it has expired":      {func(w *world) { w.now = noon.Add(line.MaxLife) }, "1000000", nil, "check_not_used the trade counts by itself: reservation", "100000 0", ""},
		"a part was consumed": {func(w *world) { resolve(messages.Consume, "400000")(w); w.now = noon.Add(line.MaxLife) }, "1000000", nil, "check_short 400000 EUR is left", "100000 0", "400000"},
		"another date":        {nil, "400000", on("2026-12-28"), `check_differs the trade counts by itself, and its part of the line check is used: value date "2026-12-28"`, "100000 0", "400000"},
		"another side":        {nil, "400000", func(d map[string]any) { legOf(d)["base_side"] = "sell" }, `check_differs`, "100000 0", "400000"},
		"another date, and more": {
			nil, "1200000", on("2026-12-28"), `check_differs the trade counts by itself`, "120000 0", "1000000",
		},
		"over the line beside it": {nil, "1800000", nil, "check_short 1000000 EUR is left of line check", "180000 0", "1000000"},
		"another provider": {
			nil, "400000", func(d map[string]any) { d["request"].(map[string]any)["provider"] = "BETA" },
			"check_not_used the trade counts by itself: provider BETA has no reservation", "140000 0", "",
		},
		"another desk": {
			nil, "400000", func(d map[string]any) { d["authorized"].(map[string]any)["desk"] = "FXS2" },
			`check_not_used the trade counts by itself: desk "FXS2" is not what was reserved`, "140000 0", "",
		},
		"no figures":               {func(w *world) { w.static.snapshot.AddOns = nil }, "400000", nil, "not_measured only what the line check reserved is counted", "100000 0", "400000"},
		"no figures, another date": {func(w *world) { w.static.snapshot.AddOns = nil }, "400000", on("2026-12-28"), "check_differs", "100000 0", "400000"},
	} {
		w := newWorld(t)
		w.static.snapshot.Limits[line.Node{Level: line.Desk, ID: "FXS2"}] = usd(line.Limit{Amount: dec("1000000")})
		w.book.LoadUsage(line.Node{Level: line.Desk, ID: "FXS2"}, line.Usage{})
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		if c.given != nil {
			c.given(w)
		}
		told := w.reported(c.amount, func(data map[string]any) {
			data["request"].(map[string]any)["line_check"] = map[string]any{"check_id": reserving("L1", "").id()}
			if c.change != nil {
				c.change(data)
			}
		})
		if got := flagsOf(told); !strings.HasPrefix(got, c.flags) || (got == "") != (c.flags == "") {
			t.Errorf("%s: flags %q", rule, got)
		}
		if got := flagsOf(told); strings.Contains(got, "reserve again") || strings.Contains(got, "reserve first") {
			t.Errorf("%s: flags %q advise what is done", rule, got)
		}
		taken := ""
		if check := told.Reserved.Basis.LineCheck; check != nil {
			taken = check.Amount.String()
		}
		if got := w.used("client/C000001"); got != c.used || taken != c.taken {
			t.Errorf("%s: the client carries %s, want %s; taken %q, want %q", rule, got, c.used, taken, c.taken)
		}
		if rule == "over the line beside it" && !strings.Contains(flagsOf(told), "over_line line_exceeded") {
			t.Errorf("%s: flags %q", rule, flagsOf(told))
		}
	}
}

// A report for another client takes nothing of the check.
func TestAReportTakesNothingOfAnotherClientsCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	told := w.reported("400000", func(data map[string]any) {
		request := data["request"].(map[string]any)
		request["client"], request["line_check"] = "C000002", map[string]any{"check_id": reserving("L1", "").id()}
	})
	if got := flagsOf(told); !strings.HasPrefix(got, `check_not_used the trade counts by itself: client "C000002" is not what was reserved`) {
		t.Errorf("flags %q", got)
	}
	if one, two := w.used("client/C000001"), w.used("client/C000002"); one != "100000 0" || two != "40000 0" {
		t.Errorf("the clients carry %s and %s", one, two)
	}
}

// A report on another date that is rejected, or expires, gives back what it took; in the database the sums agree all the time.
func TestAReportOfOtherTermsGivesItsPartBack(t *testing.T) {
	t.Parallel()
	for _, netted := range []bool{false, true} {
		b := nettedBank(t, netted)
		b.handle(0, reserving("L1", "1000000").message(t, soon()))
		report := using{spot: spot{"T1", "C000001", "700000"}, check: "L1", kind: messages.Reported}
		data := report.data()
		maps.Copy(data["request"].(map[string]any), map[string]any{"kind": messages.Reported, "line_check": map[string]any{"check_id": reserving("L1", "").id()}})
		on("2026-12-28")(data)
		ask := func(way string) string {
			return b.handle(1, message(t, contract.TradeValidated, report.id(), way, soon(), data))[0]
		}
		if got := ask("1"); got != "trade.reserved " {
			t.Fatal(got)
		}
		b.mustCarry("100000 0") // 70,000 of the report and 30,000 of the check
		if got := b.due("client/C000001"); got != "2026-11-26 300000, 2026-12-28 700000" {
			t.Errorf("due %s", got)
		}
		data["reserved"] = map[string]any{"reservation_id": report.id()}
		b.handle(0, message(t, contract.TradeRejected, report.id(), "1", time.Time{}, data))
		b.mustCarry("100000 0")
		if got := b.due("client/C000001"); got != "2026-11-26 1000000" {
			t.Errorf("given back: due %s", got)
		}
	}
}

// A client with an agreement reports a swap beside a check of an outright. It displaces the check's part, and each leg is in its own
// netting set. A sale of the near leg is let through, because it closes, and leaves the far leg.
func TestANettedSwapThatDisplacesACheckIsNettedByLeg(t *testing.T) {
	t.Parallel()
	for _, end := range []event.Type{contract.TradeRejected, contract.TradeRegistered} {
		b := nettedBank(t, true)
		b.handle(0, reserving("L1", "1000000").message(t, soon()))
		swapped := spot{"T1", "C000001", "700000"}
		data := swapped.asSwap()
		maps.Copy(data["request"].(map[string]any), map[string]any{"kind": messages.Reported, "line_check": map[string]any{"check_id": reserving("L1", "").id()}})
		for i := range b.replicas {
			if got := b.handle(i, message(t, contract.TradeValidated, swapped.id(), "1", soon(), data)); got[0] != "trade.reserved " {
				t.Fatalf("the report: %q", got)
			}
		}
		b.mustCarry("100000 0") // 70,000 of the swap, whose legs count once, and 30,000 of the check
		if got := b.due("client/C000001"); got != "2026-11-26 1000000, 2026-12-28 700000" {
			t.Errorf("due %s", got)
		}
		data["reserved"] = map[string]any{"reservation_id": swapped.id()}
		b.handle(0, message(t, end, swapped.id(), "1", time.Time{}, data))
		if end == contract.TradeRejected {
			b.mustCarry("100000 0")
			if got := b.due("client/C000001"); got != "2026-11-26 1000000" {
				t.Errorf("given back: due %s", got)
			}
			continue
		}
		b.mustCarry("30000 70000")
		sale := spot{"T2", "C000001", "700000"}
		sold := sale.data()
		legOf(sold)["base_side"] = "sell"
		if got := b.handle(1, message(t, contract.TradeValidated, sale.id(), "1", soon(), sold)); got[0] != "trade.reserved " {
			t.Fatalf("the sale of the near leg: %q", got)
		}
		b.mustCarry("100000 70000") // until it is done, both legs count
		b.handle(0, message(t, contract.TradeRegistered, sale.id(), "1", time.Time{}, sold))
		b.mustCarry("30000 70000")
	}
}

// nettedBank is a bank in which the client C000001 may have a netting agreement.
func nettedBank(t *testing.T, netted bool) *bank {
	t.Helper()
	s := snapshot()
	s.Clients["C000001"] = directory.Client{Group: "G0001", Desk: "FXS1", Netted: netted}
	b := &bank{t: t, pool: schema(t)}
	for i, name := range []string{"one", "two"} {
		b.replicas[i] = replicaOf(all(static{snapshot: s}), b.pool, name, testkit.Log(t))
	}
	return b
}
