package oracle_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// spoiledUses are faults of line checks that trades use, and of netting.
var spoiledUses = []fault{
	{"a check whose used part is not gone", "reservation accounted for", "L4", true, func(e *oracle.Evidence) {
		r := &e.Reservations[resolvedInParts]
		r.Taken = dec("50000")
	}},
	{"a trade counted besides the check that it names", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[partOfCheck].FromCheck = ""
	}},
	{"a trade that uses a check which it does not name", "line check used", "T5", false, func(e *oracle.Evidence) { request(e, "U3").Uses = "" }},
	{"a trade that uses another check", "line check used", "T5", false, func(e *oracle.Evidence) { e.Reservations[partOfCheck].FromCheck = "L5" }},
	{"a trade that uses more than it deals", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[partOfCheck].FromAmount = dec("40000")
	}},
	{"a trade that uses another provider's check", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Provider = "TEST1"
	}},
	{"a trade that uses another client's check", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Client = "client/C3"
	}},
	{"a trade that uses the check of another deal", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Side = "sell"
	}},
	{"a trade that uses the check for another date", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].ValueDate = "2026-11-26"
	}},
	{"a trade that uses another trade's reservation", "line check used", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Kind = "trade"
	}},
	{"a share that is not rounded up", "exposure of the trade", "T5", false, func(e *oracle.Evidence) { e.Reservations[partOfCheck].Exposure = dec("660") }},
	{"an exposure that is not the share", "exposure of the trade", "T6", false, func(e *oracle.Evidence) { e.Reservations[reportOfCheck].Exposure = dec("1980") }},
	{"a receivable that is not the share", "exposure of the trade", "T5", false, func(e *oracle.Evidence) {
		e.Reservations[partOfCheck].NearReceivable = dec("99000")
	}},
	{"a check used by two trades for more than it holds", "reservation accounted for", "L5", true, func(e *oracle.Evidence) {
		e.Reservations[partOfCheck].FromCheck, e.Reservations[partOfCheck].FromAmount = "L5", dec("90000")
	}},
	{"a rest that was to be freed", "reservation accounted for", "L5", true, func(e *oracle.Evidence) {
		r := &e.Reservations[usedAndFreed]
		r.State, r.Open, r.ExpiresAt = "RESERVED", dec("30000"), at(1000)
	}},
	{"a rest that was to be kept", "reservation accounted for", "L5", true, func(e *oracle.Evidence) { request(e, "U7").Rest = "keep" }},
	{"a check used after its end", "reservation accounted for", "L5", true, func(e *oracle.Evidence) {
		e.Reservations[usedAndFreed].ExpiresAt = at(31)
	}},
	{"a part given back twice", "reservation accounted for", "L6", true, func(e *oracle.Evidence) {
		r := &e.Reservations[givenBack]
		r.State, r.Open, r.ExpiresAt = "RESERVED", dec("180000"), at(1000)
	}},
	{"a part not given back", "reservation accounted for", "L6", true, func(e *oracle.Evidence) {
		e.Reservations[givenBack].State, e.Reservations[givenBack].ExpiresAt = "USED", at(1000)
	}},
	{"a consumed part that is freed with the report that took it over", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		e.Reservations[consumedInPart].State, e.Reservations[consumedInPart].Taken = "EXPIRED", dec("0")
	}},
	{"a consumed part that is freed with the report's expiry", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		e.Reservations[rejectedReport].State = "EXPIRED"
		e.Reservations[consumedInPart].State, e.Reservations[consumedInPart].Taken = "EXPIRED", dec("0")
	}},
	{"a consumed part that is only open again", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		r := &e.Reservations[consumedInPart]
		r.State, r.Open, r.Taken, r.ExpiresAt = "RESERVED", dec("90000"), dec("0"), at(1000)
	}},
	{"an open part given back after a cancellation", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		r := &e.Reservations[consumedInPart]
		r.State, r.Open, r.ExpiresAt = "RESERVED", dec("30000"), at(1000)
		e.Sent = append(e.Sent, oracle.Sent{Session: "TEST3", Reference: "U17", Form: "DF", Action: "cancel", Target: "U14", At: at(52)})
		e.Received = append(e.Received, oracle.Answer{Session: "TEST3", Reference: "U17", State: oracle.Accepted, Seq: 1, Run: "two", At: at(53), ID: "L7"})
	}},
	{"a part that was not consumed, taken over as consumed", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		e.Reservations[rejectedReport].FromTaken = dec("40000")
	}},
	{"a part that a trade has and the check kept", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		e.Reservations[rejectedReport].State, e.Reservations[rejectedReport].Late = "CONSUMED", true
	}},
	{"a part that was reversed and is carried", "reservation accounted for", "L4", true, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Taken = dec("30000")
	}},
	{"a part that was consumed and is not carried", "reservation accounted for", "L4", true, func(e *oracle.Evidence) {
		r := &e.Reservations[resolvedInParts]
		r.State, r.Taken = "CANCELLED", dec("0")
	}},
	{"more reversed than was consumed", "reservation accounted for", "L4", true, func(e *oracle.Evidence) { request(e, "U4").Amount = dec("30000.01") }},
	{"too little, but there was enough", "reservation accounted for", "L4", true, func(e *oracle.Evidence) { request(e, "U8").Amount = dec("20000") }},
	{"ended, but it had not", "reservation accounted for", "L4", true, func(e *oracle.Evidence) {
		answer(e, "U8", oracle.Rejected).Text = "reservation L4 was cancelled: reserve again under a new reference if it is needed"
	}},
	{"unknown, but it was approved", "line check known", "TEST3 U8", false, func(e *oracle.Evidence) {
		answer(e, "U8", oracle.Rejected).Text = `provider TEST3 has no reservation "L4" to use: check the id, or reserve first`
	}},
	{"a report that left something of its check", "reservation accounted for", "L7", true, func(e *oracle.Evidence) {
		request(e, "U16").Amount = dec("120000")
	}},
	{"a report that took nothing, and something was left", "reservation accounted for", "L5", true, func(e *oracle.Evidence) {
		e.Reservations[reportOfCheck].FromCheck = ""
	}},
	{"a report that took more than it is for", "line check used", "T13", false, func(e *oracle.Evidence) { request(e, "U16").Amount = dec("50000") }},
	{"a report that is refused for its check", "report booked", "TEST3 U16", false, func(e *oracle.Evidence) {
		answer(e, "U16", oracle.Rejected).Text = "line check L7: cannot report 60,000 EUR: 30,000 is left: reserve more, or deal less"
	}},
	{"a report that is refused for its line", "report booked", "TEST3 U16", false, func(e *oracle.Evidence) {
		answer(e, "U16", oracle.Rejected).Text = "line of client C2: limit 1 USD; used 0; this deal needs 2; short by 1 at node client/C2"
	}},
	{"a check of another amount", "reservation accounted for", "L4", false, func(e *oracle.Evidence) { request(e, "U1").Amount = dec("90001") }},
	{"a check of another side", "reservation accounted for", "L4", false, func(e *oracle.Evidence) { request(e, "U1").Side = "sell" }},
	{"a check of another client", "reservation accounted for", "L4", false, func(e *oracle.Evidence) { request(e, "U1").Client = "C1" }},
	{"a check of another provider", "reservation accounted for", "L4", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].Provider = "TEST1"
	}},
	{"a trade consumed in part", "reservation consumed", "T1", false, func(e *oracle.Evidence) { e.Reservations[0].Taken = dec("50000") }},
	{"a check that carries all of what trades used", "usage of reservations", "client/C2", false, func(e *oracle.Evidence) {
		e.Usage[3].Consumed = dec("3960.03")
	}},
	{"a trade counted twice", "usage of trades", "client/C2", true, func(e *oracle.Evidence) { e.Usage[3].Consumed = dec("3080.03") }},
	{"deals that do not net", "usage of reservations", "client/C3", false, func(e *oracle.Evidence) { e.Usage[4].Consumed = dec("4405") }},
	{"a loss that is locked in and not carried", "usage of reservations", "client/C3", false, func(e *oracle.Evidence) {
		e.Reservations[nettedSell].Exchange.Quote = dec("109994")
	}},
	{"deals that net without an agreement", "usage of reservations", "client/C3", false, func(e *oracle.Evidence) {
		e.Reservations[nettedSell].Netted = false
	}},
	{"deals of one direction that net", "usage of trades", "client/C3", true, func(e *oracle.Evidence) { e.Reservations[nettedBuy].Side = "sell" }},
	{"a settlement of what trades used", "settlements of reservations", "client/C2 2026-11-25", false, func(e *oracle.Evidence) {
		e.Reservations[resolvedInParts].NearReceivable = dec("98999")
	}},
}

func request(e *oracle.Evidence, reference string) *oracle.Sent {
	i := slices.IndexFunc(e.Sent, func(s oracle.Sent) bool { return s.Reference == reference })
	return &e.Sent[i]
}

func answer(e *oracle.Evidence, reference string, state oracle.State) *oracle.Answer {
	i := slices.IndexFunc(e.Received, func(a oracle.Answer) bool { return a.Reference == reference && a.State == state })
	return &e.Received[i]
}

// Nobody outside knows the order of what was under way at the same time: any order is right that leads to what is held.
func TestRequestsThatAreUnderWayAtTheSameTimeMayBeDoneInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(e *oracle.Evidence){
		"a reversal answered before the consumption": func(e *oracle.Evidence) {
			answer(e, "U2", oracle.Accepted).At = at(27)
			request(e, "U4").At = at(21)
		},
		"a use answered after the cancellation": func(e *oracle.Evidence) { answer(e, "U3", oracle.Accepted).At = at(40) },
		"a use that an expiry may have preceded": func(e *oracle.Evidence) {
			e.Reservations[usedAndFreed].ExpiresAt = request(e, "U7").At.Add(time.Millisecond)
		},
		"a part that came back after the check's end": func(e *oracle.Evidence) {
			e.Reservations[givenBack].State, e.Reservations[givenBack].ExpiresAt = "USED", at(50)
		},
		"a rejection that linecheck has not read yet": func(e *oracle.Evidence) {
			e.Reservations[givenBack].State, e.Reservations[rejectedUse].State = "USED", "EXPIRED"
		},
		"a report that expired before its check": func(e *oracle.Evidence) {
			e.Reservations[rejectedReport].State, e.Reservations[rejectedReport].ExpiresAt = "EXPIRED", at(60)
		},
		"a report that expired after its check": func(e *oracle.Evidence) {
			e.Reservations[rejectedReport].State, e.Reservations[rejectedReport].ExpiresAt = "EXPIRED", at(80)
		},
		"too little, because of a use that was under way": func(e *oracle.Evidence) {
			request(e, "U8").Amount, request(e, "U8").At = dec("60000"), at(23)
		},
		"a report that takes what is left": func(e *oracle.Evidence) {
			request(e, "U16").Amount, e.Reservations[rejectedReport].FromAmount = dec("120000"), dec("90000")
		},
		"a report for another date": func(e *oracle.Evidence) { e.Reservations[rejectedReport].ValueDate = "2026-12-25" },
		"a check that had ended": func(e *oracle.Evidence) {
			request(e, "U8").Uses, request(e, "U8").At, answer(e, "U8", oracle.Rejected).At = "U6", at(34), at(35)
			answer(e, "U8", oracle.Rejected).Text = "reservation L5 was cancelled: reserve again under a new reference if it is needed"
		},
		"another provider's check, which is unknown": func(e *oracle.Evidence) {
			request(e, "U8").Uses = "L1"
			answer(e, "U8", oracle.Rejected).Text = `provider TEST3 has no reservation "L1" to use: check the id, or reserve first`
		},
		"a refusal that changed nothing": func(e *oracle.Evidence) {
			e.Sent = append(e.Sent, oracle.Sent{Session: "TEST3", Reference: "U13", Form: "DF", Action: "cancel", Target: "U6", At: at(44)})
			e.Received = append(e.Received, oracle.Answer{Session: "TEST3", Reference: "U13", State: oracle.Rejected, Seq: 1, Run: "two", At: at(45)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sound()
			change(&e)
			for _, v := range oracle.Judge(e, oracle.Rules()...) {
				t.Error(v)
			}
		})
	}
}

// consumedForT5 adds a consumption of L4 for the deal of T5, after the trade has taken its part of L4 over.
func consumedForT5(e *oracle.Evidence, amount string) {
	e.Sent = append(e.Sent, oracle.Sent{
		Session: "TEST3", Reference: "U18", Form: "DF", Action: "consume", Target: "U1", For: "U3", Amount: dec(amount), At: at(25),
	})
	e.Received = append(e.Received, oracle.Answer{Session: "TEST3", Reference: "U18", State: oracle.Accepted, Seq: 1, Run: "two", At: at(26), ID: "L4"})
}

// A consumption that names its trade is one use of the line with it, and the trade's reservation says what was consumed for it.
func TestAConsumptionForATradeIsOneUseWithIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(e *oracle.Evidence)
		want   string
	}{
		"after the trade": {func(e *oracle.Evidence) {
			consumedForT5(e, "30000")
			e.Reservations[partOfCheck].FromTaken = dec("30000")
		}, ""},
		"the trade does not name the check": {func(e *oracle.Evidence) {
			consumedForT5(e, "30000")
			e.Reservations[partOfCheck].FromTaken, request(e, "U3").Uses = dec("30000"), ""
		}, ""},
		"not noted in the trade": {func(e *oracle.Evidence) { consumedForT5(e, "30000") }, "reservation accounted for"},
		"more than the trade, without the excess": {func(e *oracle.Evidence) {
			consumedForT5(e, "40000")
			e.Reservations[partOfCheck].FromTaken = dec("30000")
		}, "reservation accounted for"},
		"counted beside the trade": {func(e *oracle.Evidence) {
			consumedForT5(e, "30000")
			e.Reservations[partOfCheck].FromCheck, request(e, "U3").Uses = "", ""
		}, "line check used"},
	} {
		e := sound()
		c.change(&e)
		found := oracle.Judge(e, oracle.Rules()...)
		if ok := slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Rule == c.want }); ok != (c.want != "") || c.want == "" && len(found) > 0 {
			t.Errorf("%s: %v, want %q", name, found, c.want)
		}
	}
}

// No band bounds the price of a deal on a quote. It counts by its own amounts if they come to more than its share of the check.
func TestADealOnAQuoteMayCountMoreThanItsCheck(t *testing.T) {
	t.Parallel()
	for quote, wrong := range map[string]bool{"": true, "Q1": false} {
		e := sound()
		request(&e, "U3").Quote = quote
		r := &e.Reservations[partOfCheck]
		r.Basis.MarkToMarket, r.Exposure, r.NearReceivable = dec("100"), dec("760"), r.NearReceivable.Add(dec("100"))
		found := oracle.Judge(e, oracle.Rules()...)
		if got := slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Rule == "exposure of the trade" }); got != wrong {
			t.Errorf("on quote %q: %v", quote, found)
		}
	}
}

// What is left of a quote says nothing about what is left of a line check.
func TestARefusalForAQuoteIsNoneForTheCheck(t *testing.T) {
	t.Parallel()
	e := sound()
	request(&e, "U8").Quote, request(&e, "U8").Amount = "Q1", dec("1000")
	answer(&e, "U8", oracle.Rejected).Text = `the amount 1000 EUR is more than is left of the quote "Q1": 0 of 10000000; ask for less, or for another quote`
	for _, v := range oracle.Judge(e, oracle.Rules()...) {
		t.Error(v)
	}
}

// An open reservation of a client with an agreement offsets nothing, because it may never be dealt: the worst outcome counts.
func TestNettingCountsTheWorstOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ bought, sold, reserved, consumed string }{
		"an open sale beside a smaller purchase":  {"1000 0", "0 3000", "1000", "1000"},
		"an open sale that the purchase covers":   {"3000 0", "0 2000", "0", "3000"},
		"two open deals in opposite directions":   {"0 1000", "0 3000", "3000", "0"},
		"open and consumed deals both ways":       {"1000 500", "400 900", "500", "600"},
		"a sale that turns the net position over": {"1000 0", "0 2500", "500", "1000"},
	} {
		var e oracle.Evidence
		for side, exposures := range map[string]string{"buy": c.bought, "sell": c.sold} {
			e.Reservations = append(e.Reservations, nettedParts(side, exposures)...)
		}
		e.Usage = []oracle.Usage{{Node: "client/C3", Reserved: dec(c.reserved), Consumed: dec(c.consumed)}}
		for _, v := range oracle.Judge(e, oracle.Rules()...) {
			if v.Rule == "usage of reservations" {
				t.Errorf("%s: %s", name, v)
			}
		}
	}
}

// nettedParts returns reservations with a consumed and an open exposure in one direction.
func nettedParts(side, exposures string) []oracle.Reservation {
	var all []oracle.Reservation
	for i, exposure := range strings.Fields(exposures) {
		r := oracle.Reservation{
			Client: "client/C3", Exposure: dec(exposure), Pair: "EUR/USD", Currency: "EUR", Side: side, ValueDate: "2026-11-25",
			Netted: true, Amount: dec("1"), Exchange: oracle.Exchange{Base: dec(exposure), Quote: dec(exposure), Value: dec(exposure)},
		}
		if i == 0 {
			r.Taken = dec("1")
		} else {
			r.Open = dec("1")
		}
		all = append(all, r)
	}
	return all
}

// The legs of a netted swap offset others on their own value dates. A swap alone counts once. A settled leg counts no more.
func TestNettingCountsBothLegsOfASwap(t *testing.T) {
	t.Parallel()
	leg := func(side, date, exposure string) oracle.Reservation {
		r := nettedParts(side, exposure)[0]
		r.ValueDate = date
		return r
	}
	swap := leg("sell", "2026-12-23", "200")
	swap.NearDate, swap.Swap = "2026-11-25", oracle.Swap{Near: dec("100"), Far: dec("200"), NearExchange: oracle.Exchange{Base: dec("200"), Quote: dec("200"), Value: dec("200")}}
	nearSettled, farSettled := swap, swap
	nearSettled.NearSettled, farSettled.FarSettled = true, true
	near, far := leg("sell", "2026-11-25", "100"), leg("buy", "2026-12-23", "200")
	near.Exchange = oracle.Exchange{Base: dec("200"), Quote: dec("200"), Value: dec("200")}
	cheap := leg("sell", "2026-11-25", "10") // 200 for 50, which the near leg bought for 200
	cheap.Exchange = oracle.Exchange{Base: dec("200"), Quote: dec("50"), Value: dec("50")}
	for name, c := range map[string]struct {
		deals    []oracle.Reservation
		consumed string
	}{
		"alone":                                {[]oracle.Reservation{swap}, "200"},
		"its far leg offset":                   {[]oracle.Reservation{swap, far}, "100"},
		"its near leg offset":                  {[]oracle.Reservation{swap, near}, "200"},
		"both offset":                          {[]oracle.Reservation{swap, near, far}, "0"},
		"its near leg closed at a loss of 150": {[]oracle.Reservation{swap, cheap}, "350"},
		"near leg settled":                     {[]oracle.Reservation{nearSettled}, "200"},
		"far leg settled":                      {[]oracle.Reservation{farSettled}, "100"},
	} {
		e := oracle.Evidence{Reservations: c.deals, Usage: []oracle.Usage{{Node: "client/C3", Consumed: dec(c.consumed)}}}
		for _, v := range oracle.Judge(e, oracle.Rules()...) {
			if v.Rule == "usage of reservations" {
				t.Errorf("%s: %s", name, v)
			}
		}
	}
}

// Of a check whose expiry the bank's clock has jumped over, nobody outside knows when it lapsed: a program that has not followed the
// jump yet may consume it.
func TestACheckLapsesAtAnyTimeAfterAJump(t *testing.T) {
	for name, c := range map[string]struct {
		jumps []oracle.Jump
		wrong bool
	}{
		"no jump":                 {nil, true},
		"a jump over its expiry":  {[]oracle.Jump{{From: at(40), To: at(80)}}, false},
		"a jump before its end":   {[]oracle.Jump{{From: at(10), To: at(20)}}, true},
		"a jump after its expiry": {[]oracle.Jump{{From: at(75), To: at(90)}}, true},
	} {
		e := sound() // of K1, consumed by K4 at 10 and 11, the check L1 expires at 70
		e.Jumps = c.jumps
		for i := range e.Sent {
			if e.Sent[i].Reference == "K4" {
				e.Sent[i].At = at(90)
			}
		}
		for i := range e.Received {
			if e.Received[i].Reference == "K4" {
				e.Received[i].At = at(91)
			}
		}
		found := oracle.Judge(e, oracle.Rules()...)
		if got := slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.ID == "L1" }); got != c.wrong {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// A reference names nothing on another trade date, so its refusal there is right.
func TestACheckOfAnotherTradeDateIsNotKnownByItsReference(t *testing.T) {
	e := sound()
	for i := range e.Received {
		if a := &e.Received[i]; a.Reference == "K4" {
			a.State, a.Text = oracle.Rejected, `provider TEST2 has no reservation "L9" to consume`
		}
	}
	known := func() bool {
		return slices.ContainsFunc(oracle.Judge(e, oracle.Rules()...), func(v oracle.Violation) bool { return v.Rule == "line check known" })
	}
	if !known() {
		t.Error("refused on its trade date: no violation")
	}
	for i := range e.Sent {
		if s := &e.Sent[i]; s.Reference == "K4" {
			s.At = s.At.AddDate(0, 0, 1)
		}
	}
	if known() {
		t.Error("refused on the next trade date: a violation")
	}
}
