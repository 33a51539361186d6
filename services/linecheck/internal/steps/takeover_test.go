package steps

import (
	"maps"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// using is a trade that names the line check that it uses.
type using struct {
	spot
	check string // its reference
	rest  string
	kind  string
}

func (u using) message(t *testing.T, typ event.Type, way string) event.Event {
	t.Helper()
	data := u.dataOf(typ)
	request := data["request"].(map[string]any)
	request["kind"] = u.kind
	request["line_check"] = map[string]any{"check_id": reserving(u.check, "").id(), "rest": u.rest}
	return message(t, typ, u.id(), way, noon.Add(time.Minute), data)
}

// A client whose line bears one deal of a million: the line check reserves all of it, and the deal is done on it.
func TestATradeAndTheCheckThatItNamesAreOneUseOfTheLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1500000").message(t, deadline)) // the whole line
	without := spot{"T0", "C000001", "1500000"}
	if got := w.verdict(without.message(t, contract.TradeValidated, "1")); got != "trade.rejected line_exceeded" {
		t.Errorf("without naming the check, nothing is guessed: %s", got)
	}
	trade := using{spot: spot{"T1", "C000001", "1500000"}, check: "L1"}
	emitted, err := w.deliver(trade.message(t, contract.TradeValidated, "1"))
	if err != nil {
		t.Fatal(err)
	}
	r := read[answered](t, emitted[0]).Reserved
	if emitted[0].Type != contract.TradeReserved || !r.Exposure.Equal(dec("150000")) || r.Basis.LineCheck.CheckID != reserving("L1", "").id() || len(r.Nodes) != 3 {
		t.Fatalf("%s: %s", emitted[0].Type, emitted[0].Data)
	}
	if got := w.verdict(trade.message(t, contract.TradeValidated, "again")); got != "trade.reserved " {
		t.Errorf("asked again: %s", got)
	}
	if got := w.used("client/C000001"); got != "150000 0" {
		t.Errorf("after the trade took it over: %s", got)
	}
	for _, action := range []messages.Action{messages.Consume, messages.Cancel} {
		if got := w.verdict(resolving(action, "L2"+string(action), "L1").message(t, deadline)); got != "linecheck.rejected reservation_ended" {
			t.Errorf("%s of a check that a trade took over: %s", action, got)
		}
	}
	w.verdict(trade.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000001"); got != "0 150000" {
		t.Errorf("after registering: %s", got)
	}
}

func TestAReportTakesOverWhatItsCheckHasConsumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	w.verdict(resolving(messages.Consume, "L2", "L1").message(t, deadline))
	report := using{spot: spot{"T1", "C000001", "1000000"}, check: "L1", kind: messages.Reported}
	if got := w.verdict(report.message(t, contract.TradeValidated, "1")); got != "trade.reserved " {
		t.Error(got)
	}
	w.verdict(report.message(t, contract.TradeRegistered, "1"))
	if got := w.used("client/C000001"); got != "0 100000" {
		t.Errorf("the deal counts once: %s", got)
	}
}

func TestATradeUsesAPartAndTheRestStaysOrIsFreed(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{"": "100000 0", "keep": "100000 0", messages.Free: "33333.34 0"} {
		w := newWorld(t)
		w.verdict(reserving("L1", "900000").message(t, deadline))
		w.verdict(reserving("L0", "100000").message(t, deadline))
		w.verdict(resolving(messages.Cancel, "L2", "L0").message(t, deadline))
		trade := using{spot: spot{"T1", "C000001", "333333.34"}, check: "L1", rest: rest}
		if got := w.verdict(trade.message(t, contract.TradeValidated, "1")); got != "trade.reserved " {
			t.Fatal(got)
		}
		want = strings.Replace(want, "100000 0", "90000.01 0", 1) // shares are rounded up
		if got := w.used("client/C000001"); got != want {
			t.Errorf("rest %q: %s, want %s", rest, got, want)
		}
	}
}

func TestARejectedTradeGivesItsPartBackToTheCheck(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		after time.Duration
		used  string
	}{
		"while the check lasts":       {time.Second, "100000 0"},
		"after the check has expired": {line.DefaultLife, "0 0"},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		trade := using{spot: spot{"T1", "C000001", "400000"}, check: "L1"}
		w.verdict(trade.message(t, contract.TradeValidated, "1"))
		w.now = noon.Add(c.after)
		for _, way := range []string{"1", "again"} {
			w.verdict(trade.message(t, contract.TradeRejected, way))
		}
		if c.after >= line.DefaultLife {
			w.book.ExpireDue(w.now)
		}
		if got := w.used("client/C000001"); got != c.used {
			t.Errorf("%s: %s, want %s", rule, got, c.used)
		}
	}
}

func TestATradeThatIsNotTheOneThatWasCheckedIsRefused(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		change func(data map[string]any)
		code   string
		says   string
	}{
		"another client":    {func(d map[string]any) { d["request"].(map[string]any)["client"] = "C000002" }, "reservation_differs", `client "C000002" is not what was reserved`},
		"another desk":      {func(d map[string]any) { d["authorized"].(map[string]any)["desk"] = "FXS2" }, "reservation_differs", `desk "FXS2" is not what was reserved`},
		"another group":     {func(d map[string]any) { d["authorized"].(map[string]any)["client_group"] = "G0002" }, "reservation_differs", `group "G0002" is not`},
		"no group any more": {func(d map[string]any) { d["authorized"].(map[string]any)["client_group"] = "" }, "reservation_differs", `group "none" is not what was reserved: reservation `},
		"another side":      {func(d map[string]any) { legOf(d)["base_side"] = "sell" }, "reservation_differs", `side "sell EUR" is not`},
		"another side, of the quote currency": {func(d map[string]any) {
			d["request"].(map[string]any)["currency"], legOf(d)["base_side"] = "USD", "sell"
		}, "reservation_differs", `side "buy USD" is not what was reserved: reservation `},
		"another date":           {func(d map[string]any) { legOf(d)["value_date"] = "2026-11-27" }, "reservation_differs", `value date "2026-11-27" is not`},
		"more than was reserved": {func(d map[string]any) { legOf(d)["base_amount"] = "1000000.01" }, "reservation_differs", "1,000,000 is left"},
		"a swap": {func(d map[string]any) {
			v := d["validated"].(map[string]any)
			near := map[string]any{}
			for k, x := range legOf(d) {
				near[k] = x
			}
			near["value_date"] = "2026-11-25"
			v["legs"] = []any{near, legOf(d)}
		}, "reservation_differs", `product "swap" is not`},
		"a swap whose far leg is the other way": {func(d map[string]any) {
			v := d["validated"].(map[string]any)
			far := maps.Clone(legOf(d))
			far["base_side"], far["value_date"] = "sell", "2026-12-28"
			v["legs"] = []any{legOf(d), far}
		}, "reservation_differs", `product "swap" is not`},
		"another provider": {func(d map[string]any) { d["request"].(map[string]any)["provider"] = "BETA" }, "unknown_reservation", "has no reservation"},
		"no such check": {func(d map[string]any) {
			d["request"].(map[string]any)["line_check"] = map[string]any{"check_id": "L-1"}
		}, "unknown_reservation", `has no reservation "L-1" to use`},
		"no such check, named by its reference": {func(d map[string]any) {
			d["request"].(map[string]any)["line_check"] = map[string]any{"check_id": reserving("L9", "").id(), "reference": "L9"}
		}, "unknown_reservation", `has no reservation "L9" to use`},
	} {
		w := newWorld(t)
		w.verdict(reserving("L1", "1000000").message(t, deadline))
		data := using{spot: spot{"T1", "C000001", "1000000"}, check: "L1"}.dataOf(contract.TradeValidated)
		data["request"].(map[string]any)["line_check"] = map[string]any{"check_id": reserving("L1", "").id()}
		c.change(data)
		emitted, err := w.deliver(message(t, contract.TradeValidated, spot{"T1", "", ""}.id(), "1", deadline, data))
		if err != nil {
			t.Fatal(rule, err)
		}
		if got := read[answered](t, emitted[0]).Rejected; string(got.Code) != c.code || !strings.Contains(got.Text, c.says) {
			t.Errorf("%s: %s: %+v", rule, emitted[0].Type, got)
		}
		if got := w.used("client/C000001"); got != "100000 0" {
			t.Errorf("%s: the check carries %s", rule, got)
		}
	}
}

func legOf(data map[string]any) map[string]any {
	return data["validated"].(map[string]any)["legs"].([]any)[0].(map[string]any)
}

// What a consumption or a cancellation says is what was reserved, or it is refused and changes nothing.
func TestWhatIsConsumedOrCancelledIsWhatWasReserved(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		change map[string]any
		want   string
		used   string // after a consumption
	}{
		"the whole, not stated":       {nil, "linecheck.completed consumed", "0 300000"},
		"the whole, stated":           {map[string]any{"amount": "3000000", "currency": "EUR", "pair": "EUR/USD", "side": "buy", "tenor": "SPOT"}, "linecheck.completed consumed", "0 300000"},
		"a part":                      {map[string]any{"amount": "1000000"}, "linecheck.completed consumed", "200000 100000"},
		"the pair in the other order": {map[string]any{"pair": "USD/EUR"}, "linecheck.completed consumed", "0 300000"},
		"more":                        {map[string]any{"amount": "5000000"}, "linecheck.rejected reservation_differs", "300000 0"},
		"no amount at all":            {map[string]any{"amount": "a lot"}, "linecheck.rejected invalid_amount", "300000 0"},
		"more decimals than euros":    {map[string]any{"amount": "1000000.001"}, "linecheck.rejected over_precise", "300000 0"},
		"another client":              {map[string]any{"client": "NOBODY"}, "linecheck.rejected reservation_differs", "300000 0"},
		"another currency":            {map[string]any{"currency": "USD", "amount": "1"}, "linecheck.rejected reservation_differs", "300000 0"},
		"another pair":                {map[string]any{"pair": "EUR/CHF"}, "linecheck.rejected reservation_differs", "300000 0"},
		"another side":                {map[string]any{"side": "sell"}, "linecheck.rejected reservation_differs", "300000 0"},
		"another date":                {map[string]any{"value_date": "2026-11-27"}, "linecheck.rejected reservation_differs", "300000 0"},
		"another tenor":               {map[string]any{"tenor": "1W"}, "linecheck.rejected reservation_differs", "300000 0"},
		"a tenor that does not exist": {map[string]any{"tenor": "1X"}, "linecheck.rejected reservation_differs", "300000 0"},
	} {
		for _, action := range []messages.Action{messages.Consume, messages.Cancel} {
			w := newWorld(t)
			reserve := reserving("L1", "3000000")
			reserve.change = func(r map[string]any) { r["client"] = "C000002" } // with a wide line
			w.verdict(reserve.message(t, deadline))
			resolve := resolving(action, "L2", "L1")
			resolve.change = func(r map[string]any) {
				r["client"] = "C000002"
				for field, value := range c.change {
					r[field] = value
				}
			}
			want, used := c.want, c.used
			if action == messages.Cancel {
				want = strings.Replace(want, "consumed", "cancelled", 1)
				used = strings.NewReplacer("0 300000", "0 0", "200000 100000", "200000 0").Replace(used)
				if strings.HasPrefix(c.used, "300000") {
					used = c.used
				}
			}
			if got := w.verdict(resolve.message(t, deadline)); got != want {
				t.Errorf("%s %s: %s, want %s", action, rule, got, want)
			}
			if got := w.used("client/C000002"); got != used {
				t.Errorf("%s %s: carries %s, want %s", action, rule, got, used)
			}
		}
	}
}

func TestAPartIsConsumedReversedAndConsumedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	for _, c := range []struct {
		action messages.Action
		amount string
		want   string
		used   string
	}{
		{messages.Reverse, "", "linecheck.rejected reservation_differs", "100000 0"}, // nothing is consumed yet
		{messages.Consume, "400000", "linecheck.completed consumed", "60000 40000"},
		{messages.Reverse, "100000", "linecheck.completed reversed", "60000 30000"},
		{messages.Reverse, "300000.01", "linecheck.rejected reservation_differs", "60000 30000"},
		{messages.Consume, "", "linecheck.completed consumed", "0 90000"},
		{messages.Reverse, "", "linecheck.completed reversed", "0 0"},
		{messages.Consume, "", "linecheck.rejected reservation_ended", "0 0"},
	} {
		resolve := resolving(c.action, c.amount+string(c.action)+c.used, "L1")
		resolve.amount = c.amount
		if got := w.verdict(resolve.message(t, deadline)); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.action, c.amount, got, c.want)
		}
		if got := w.used("client/C000001"); got != c.used {
			t.Errorf("%s %s: carries %s, want %s", c.action, c.amount, got, c.used)
		}
	}
}

func TestACompletedPartTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	resolve := resolving(messages.Consume, "L2", "L1")
	resolve.amount = "400000"
	emitted, err := w.deliver(resolve.message(t, deadline))
	if err != nil {
		t.Fatal(err)
	}
	got := read[struct{ Result messages.Result }](t, emitted[0]).Result
	if !got.Amount.Equal(dec("400000")) || !got.Open.Equal(dec("600000")) || !got.Taken.Equal(dec("400000")) || got.Currency != "EUR" {
		t.Errorf("%s", emitted[0].Data)
	}
}
