package oracle_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// Where the line checks and trades of addUsedChecks are among the reservations.
const (
	resolvedInParts = 6 + iota // L4: consumed in part, used by T5, reversed in part, the rest cancelled
	partOfCheck                // T5
	usedAndFreed               // L5: used by T6, which frees the rest
	reportOfCheck              // T6
	givenBack                  // L6: used by T8, which is rejected later; it lapses
	rejectedUse                // T8
	nettedBuy                  // T11
	nettedSell                 // T12
)

// addUsedChecks adds a run of TEST3, in which all goes well: line checks that trades use, and a client with a netting agreement.
func addUsedChecks(e *oracle.Evidence) {
	check := oracle.Sent{
		Session: "TEST3", Form: "DF", Product: "spot", Client: "C2", Pair: "EUR/USD", Currency: "EUR", Side: "buy", Amount: dec("90000"),
	}
	ask := func(second int, reference string, change func(*oracle.Sent)) {
		s := check
		s.At, s.Reference = at(second), reference
		change(&s)
		e.Sent = append(e.Sent, s)
	}
	reserve := func(s *oracle.Sent) { s.Action = "reserve" }
	resolve := func(action, amount string) func(*oracle.Sent) {
		return func(s *oracle.Sent) { s.Action, s.Target, s.Amount = action, "U1", dec(amount) }
	}
	use := func(form, check, amount, rest string) func(*oracle.Sent) {
		return func(s *oracle.Sent) {
			s.Form, s.Uses, s.Amount, s.Rest, s.Rate = form, check, dec(amount), rest, dec("1.1")
		}
	}
	net := func(side string) func(*oracle.Sent) {
		return func(s *oracle.Sent) {
			s.Form, s.Client, s.Side, s.Amount, s.Rate = "D", "C3", side, dec("100000"), dec("1.1")
		}
	}
	ask(20, "U1", reserve)
	ask(22, "U2", resolve("consume", "30000"))
	ask(24, "U3", use("D", "U1", "30000", ""))
	ask(26, "U4", resolve("reverse", "10000"))
	ask(28, "U5", resolve("cancel", "0"))
	ask(30, "U6", reserve)
	ask(32, "U7", use("AE", "L5", "60000", "free"))
	ask(34, "U8", use("D", "U1", "90000", ""))
	ask(36, "U9", reserve)
	ask(38, "U10", use("D", "U9", "90000", "keep"))
	ask(40, "U11", net("buy"))
	ask(42, "U12", net("sell"))
	addAnswers(e)
	addTrades(e)
	addLines(e)
}

func addAnswers(e *oracle.Evidence) {
	seq := 1
	hear := func(second int, reference, form string, state oracle.State, id string) {
		seq++
		e.Received = append(e.Received, oracle.Answer{
			Run: "one", At: at(second), Session: "TEST3", Reference: reference, Form: form, State: state, ID: id, ExecID: id, Seq: seq,
		})
	}
	hear(21, "U1", "DG", oracle.Accepted, "L4")
	hear(23, "U2", "DG", oracle.Accepted, "L4")
	hear(24, "U3", "8", oracle.Pending, "T5")
	hear(25, "U3", "8", oracle.Accepted, "T5")
	hear(27, "U4", "DG", oracle.Accepted, "L4")
	hear(29, "U5", "DG", oracle.Accepted, "L4")
	hear(31, "U6", "DG", oracle.Accepted, "L5")
	hear(33, "U7", "AR", oracle.Accepted, "T6")
	hear(34, "U8", "8", oracle.Pending, "T7")
	hear(35, "U8", "8", oracle.Rejected, "T7")
	hear(37, "U9", "DG", oracle.Accepted, "L6")
	hear(38, "U10", "8", oracle.Pending, "T8")
	hear(39, "U10", "8", oracle.Rejected, "T8")
	hear(40, "U11", "8", oracle.Pending, "T11")
	hear(41, "U11", "8", oracle.Accepted, "T11")
	hear(42, "U12", "8", oracle.Pending, "T12")
	hear(43, "U12", "8", oracle.Accepted, "T12")
	answer(e, "U8", oracle.Rejected).Text = "line check L4: cannot use 90,000 EUR: 20,000 is left: reserve more, or deal less"
	e.Rejections = append(e.Rejections,
		oracle.Rejection{TradeID: "T7", Provider: "TEST3", Reference: "U8", Code: "reservation_differs"},
		oracle.Rejection{TradeID: "T8", Provider: "TEST3", Reference: "U10", Code: "expired"})
	e.Claims = append(e.Claims, "L4", "L5", "L6", "T5", "T6", "T7", "T8", "T11", "T12")
}

func addTrades(e *oracle.Evidence) {
	for _, c := range []struct{ id, reference, client, side, amount, counter string }{
		{"T5", "U3", "C2", "buy", "30000", "33000"}, {"T6", "U7", "C2", "buy", "60000", "66000"},
		{"T11", "U11", "C3", "buy", "100000", "110000"}, {"T12", "U12", "C3", "sell", "100000", "110000"},
	} {
		leg := oracle.Leg{ValueDate: "2026-11-25", BaseSide: c.side, BaseAmount: dec(c.amount), QuoteAmount: dec(c.counter), Rate: dec("1.1")}
		e.Trades = append(e.Trades, oracle.Trade{
			ID: c.id, Provider: "TEST3", Reference: c.reference, Status: "booked", Client: c.client, Product: "spot", Base: "EUR", Quote: "USD",
			Dealt: "EUR", Desk: "FXS2", Trader: "U3", BookingReference: "B" + c.id, Legs: []oracle.Leg{leg},
		})
		e.Bookings = append(e.Bookings, oracle.Booking{
			TradeID: c.id, Reference: "B" + c.id, Provider: "TEST3", Client: c.client, Product: "spot", Pair: "EUR/USD", Legs: []oracle.Leg{leg},
		})
		e.Assignments = append(e.Assignments, oracle.Assignment{TradeID: c.id, Desk: "FXS2", Trader: "U3"})
		e.Kept = append(e.Kept, oracle.KeptAnswer{Session: "TEST3", ID: c.id})
	}
}

// addLines adds the lines of group G2. A third of 1,980.01 USD is 660.01, two ninths are 440.01: shares are rounded up.
func addLines(e *oracle.Evidence) {
	add := func(id, state, exposure, amount, open, taken string, change func(*oracle.Reservation)) {
		r := oracle.Reservation{
			ID: id, Kind: "check", Provider: "TEST3", State: state, Group: "group/G2", Desk: "desk/FXS2", Client: "client/C2",
			Exposure: dec(exposure), NearDate: "2026-11-25", NearReceivable: dec(amount).Mul(dec("1.1")), ExpiresAt: at(70),
			Basis: oracle.Basis{BaseCurrency: "EUR", BaseAmount: dec(amount), Conversion: dec("1.1"), AddOn: dec("0.02")},
			Pair:  "EUR/USD", Currency: "EUR", Side: "buy", Amount: dec(amount), Open: dec(open), Taken: dec(taken), ValueDate: "2026-11-25",
		}
		change(&r)
		e.Reservations = append(e.Reservations, r)
	}
	none := func(*oracle.Reservation) {}
	from := func(check string) func(*oracle.Reservation) {
		return func(r *oracle.Reservation) { r.Kind, r.FromCheck, r.FromAmount = "trade", check, r.Amount }
	}
	netted := func(side, gain string) func(*oracle.Reservation) {
		return func(r *oracle.Reservation) {
			r.Kind, r.Client, r.Side, r.Netted, r.Basis.MarkToMarket = "trade", "client/C3", side, true, dec(gain)
		}
	}
	add("L4", "CONSUMED", "1980.01", "90000", "0", "20000", none)
	add("T5", "CONSUMED", "660.01", "30000", "0", "30000", from("L4"))
	add("L5", "CANCELLED", "1980", "90000", "0", "0", none)
	add("T6", "CONSUMED", "1320", "60000", "0", "60000", from("L5"))
	add("L6", "EXPIRED", "1980", "90000", "0", "0", none)
	add("T8", "RELEASED", "1980", "90000", "0", "0", from("L6"))
	add("T11", "CONSUMED", "2200", "100000", "0", "100000", netted("buy", "0"))
	add("T12", "CONSUMED", "2205", "100000", "0", "100000", netted("sell", "5"))
	e.Usage = append(e.Usage, oracle.Usage{Node: "client/C2", Consumed: dec("2420.02")}, oracle.Usage{Node: "client/C3", Consumed: dec("5")},
		oracle.Usage{Node: "group/G2", Consumed: dec("2425.02")}, oracle.Usage{Node: "desk/FXS2", Consumed: dec("2425.02")})
	for node, used := range map[string]string{"client/C2": "121000", "client/C3": "220000", "group/G2": "341000", "desk/FXS2": "341000"} {
		e.Settlements = append(e.Settlements, oracle.SettlementUsage{Node: node, ValueDate: "2026-11-25", Used: dec(used)})
	}
}

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
		"too little, because of a use that was under way": func(e *oracle.Evidence) {
			request(e, "U8").Amount, request(e, "U8").At = dec("60000"), at(23)
		},
		"a check that had ended": func(e *oracle.Evidence) {
			request(e, "U8").Uses = "U6"
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
			Netted: true, Amount: dec("1"),
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
