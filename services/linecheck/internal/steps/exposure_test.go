package steps

import (
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// priced is a trade at a rate that names the line check L1, in which the client buys euros.
type priced struct{ kind, base, quote, rate string }

func (p priced) deliver(t *testing.T, w *world) answered {
	t.Helper()
	return read[answered](t, p.reserve(t, w))
}

// reserve delivers the trade and returns the event that says what is reserved for it.
func (p priced) reserve(t *testing.T, w *world) event.Event {
	t.Helper()
	return p.on(t, w, "")
}

// on is reserve for a deal on a quote.
func (p priced) on(t *testing.T, w *world, quote string) event.Event {
	t.Helper()
	trade := using{spot: spot{"T1", "C000001", p.base}, check: "L1", kind: p.kind}
	data := trade.dataOf(contract.TradeValidated)
	legOf(data)["quote_amount"], legOf(data)["rate"] = p.quote, p.rate
	request := data["request"].(map[string]any)
	request["kind"], request["quote_id"], request["line_check"] = p.kind, quote, map[string]any{"check_id": reserving("L1", "").id()}
	emitted, err := w.deliver(message(t, contract.TradeValidated, trade.id(), "1", deadline, data))
	if err != nil {
		t.Fatal(err)
	}
	if emitted[0].Type != contract.TradeReserved {
		t.Fatalf("%+v: %s: %s", p, emitted[0].Type, emitted[0].Data)
	}
	return emitted[0]
}

// A deal on a quote has the price of the quote, which the market may have left: what it needs beyond its check is counted and noted. It
// is not refused, because check and quote are the bank's word.
func TestADealOnAQuoteCountsWhatItNeedsBeyondItsCheck(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct{ quote, rate, exposure, flag string }{
		"near the market, not on a quote": {"", "1.2", "100000", ""}, // trading lets no such price through
		"on a quote at the market":        {"Q1", "1", "100000", ""},
		"on a quote that the market left": {"Q1", "1.04", "140000", ""},
		"above the line":                  {"Q1", "1.2", "300000", messages.OverLine},
	} {
		w := newWorld(t)
		if got := w.verdict(reserving("L1", "1000000").message(t, deadline)); got != "linecheck.completed approved" {
			t.Fatal(rule, got)
		}
		deal := priced{"request", "1000000", dec("1000000").Mul(dec(c.rate)).String(), c.rate}
		a := read[answered](t, deal.on(t, w, c.quote))
		r := a.Reserved
		if flag, _, _ := strings.Cut(flagsOf(a), " "); !r.Exposure.Equal(dec(c.exposure)) || flag != c.flag {
			t.Errorf("%s: reserves %s with the flag %q, want %s and %q", rule, r.Exposure, flag, c.exposure, c.flag)
		}
		if got := w.used("client/C000001"); got != c.exposure+" 0" {
			t.Errorf("%s: the client carries %s", rule, got)
		}
	}
}

// flagsOf returns names and texts of linecheck's flags.
func flagsOf(a answered) string {
	texts := make([]string, len(a.Reserved.Basis.Flags))
	for i, f := range a.Reserved.Basis.Flags {
		texts[i] = f.Flag + " " + f.Text
	}
	return strings.Join(texts, "; ")
}

// Nothing bounds the price of a report. A report that fits its check in the check's currency counts in full, and is noted where a
// line does not bear it.
func TestAReportNeverCountsLessThanItsOwnAmountsSay(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		check    map[string]any // in dollars or euros, at a market of 1 dollar for a euro and an add-on of 10 %
		trade    priced
		exposure string
		flag     string
		due      string
	}{
		"at the market: the check covers it": {
			map[string]any{"amount": "1000000"}, priced{messages.Reported, "1000000", "1000000", "1"}, "100000", "", "1000000",
		},
		"a dollar check, ten times the euros": {
			map[string]any{"amount": "1000000", "currency": "USD", "side": "sell"},
			priced{messages.Reported, "10000000", "1000000", "0.1"},
			"1000000",
			"over_line clip_exceeded: a deal of 10,000,000 USD is above", "1000000",
		},
		"a euro check, a price at which the client owes the bank": {
			map[string]any{"amount": "1000000"},
			priced{messages.Reported, "1000000", "1200000", "1.2"},
			"300000",
			"over_line line_exceeded: line of client C000001: limit 100,000 USD + collateral 50,000; used 100,000; this deal needs 200,000; short by 150,000", "1200000",
		},
		"the line bears what it needs more": {
			map[string]any{"amount": "500000"}, priced{messages.Reported, "500000", "525000", "1.05"}, "75000", "", "525000",
		},
		"a price at which the bank owes the client": {
			map[string]any{"amount": "1000000"}, priced{messages.Reported, "1000000", "500000", "0.5"}, "100000", "", "1000000",
		},
		"a request keeps what the check promised": {
			map[string]any{"amount": "1500000"}, priced{"request", "1500000", "1501500", "1.001"}, "150000", "", "1500000",
		},
	} {
		w := newWorld(t)
		check := reserving("L1", "")
		check.change = func(r map[string]any) {
			for field, value := range c.check {
				r[field] = value
			}
		}
		if got := w.verdict(check.message(t, deadline)); got != "linecheck.completed approved" {
			t.Fatal(rule, got)
		}
		told := c.trade.deliver(t, w)
		r := told.Reserved
		if got := flagsOf(told); !r.Exposure.Equal(dec(c.exposure)) || !strings.HasPrefix(got, c.flag) || (got == "") != (c.flag == "") {
			t.Errorf("%s: exposure %s, %q", rule, r.Exposure, got)
		}
		if got := w.used("client/C000001"); got != c.exposure+" 0" || !r.Nodes[2].After.Equal(dec(c.exposure)) {
			t.Errorf("%s: carries %s, told %+v", rule, got, r.Nodes[2])
		}
		if s := r.Basis.Settlements; len(s) != 1 || !s[0].Amount.Equal(dec(c.due)) {
			t.Errorf("%s: settlements %+v", rule, s)
		}
	}
}

// What the check has promised is not assessed again: no figure and no line that is missing now refuses the trade.
func TestATradeThatItsCheckCoversNeedsNoFiguresAndNoLines(t *testing.T) {
	t.Parallel()
	for rule, change := range map[string]func(w *world){
		"the add-ons are gone":         func(w *world) { w.static.snapshot.AddOns = nil },
		"the line is gone":             func(w *world) { delete(w.static.snapshot.Limits, line.Node{Level: line.Client, ID: "C000001"}) },
		"the rates are gone":           func(w *world) { w.static.snapshot.Market = marketAt(nil) },
		"there is no static data":      func(w *world) { w.static = static{err: &line.MissingError{What: "rates loaded yet"}} },
		"the line is lower meanwhile":  narrow,
		"the longest tenor is shorter": func(w *world) { w.static.snapshot.AddOns = line.AddOns{{Tenor: tenor("SPOT"), Factor: dec("0.1")}} },
	} {
		for _, kind := range []string{"request", messages.Reported} {
			w := newWorld(t)
			w.verdict(reserving("L1", "1000000").message(t, deadline))
			change(w)
			told := priced{kind, "400000", "400000", "1"}.deliver(t, w)
			r := told.Reserved
			if got := w.used("client/C000001"); !r.Exposure.Equal(dec("40000")) || got != "100000 0" {
				t.Errorf("%s, %s: exposure %s, the client carries %s", rule, kind, r.Exposure, got)
			}
			want := ""
			switch {
			case kind != messages.Reported:
			case rule == "the line is gone":
				want = "not_measured it counts, but no line is checked: "
			case strings.HasSuffix(rule, "gone") || strings.HasPrefix(rule, "there"):
				want = "not_measured only what the line check reserved is counted: "
			}
			if got := flagsOf(told); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
				t.Errorf("%s, %s: flag %q", rule, kind, got)
			}
		}
	}
}

// A report that is rejected later gives the check's part back, and what it needed more is free.
func TestARejectedReportFreesWhatItNeededMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.verdict(reserving("L1", "1000000").message(t, deadline))
	priced{messages.Reported, "1000000", "1200000", "1.2"}.deliver(t, w)
	w.now = noon.Add(time.Second)
	w.verdict(using{spot: spot{"T1", "C000001", "1000000"}, check: "L1"}.message(t, contract.TradeRejected, "1"))
	if got := w.used("client/C000001"); got != "100000 0" {
		t.Errorf("carries %s", got)
	}
}
