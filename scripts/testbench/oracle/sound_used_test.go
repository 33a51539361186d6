package oracle_test

import "fxcore/scripts/testbench/oracle"

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
	consumedInPart             // L7: consumed in part, used by T13, which is rejected later
	rejectedReport             // T13
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
	resolveOf := func(check, action, amount string) func(*oracle.Sent) {
		return func(s *oracle.Sent) { s.Action, s.Target, s.Amount = action, check, dec(amount) }
	}
	resolve := func(action, amount string) func(*oracle.Sent) { return resolveOf("U1", action, amount) }
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
	ask(27, "U8", use("D", "U1", "90000", ""))
	ask(28, "U5", resolve("cancel", "0"))
	ask(30, "U6", reserve)
	ask(32, "U7", use("AE", "L5", "60000", "free"))
	ask(36, "U9", reserve)
	ask(38, "U10", use("D", "U9", "90000", "keep"))
	ask(40, "U11", net("buy"))
	ask(42, "U12", net("sell"))
	ask(46, "U14", reserve)
	ask(48, "U15", resolveOf("U14", "consume", "30000"))
	ask(50, "U16", use("AE", "U14", "60000", ""))
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
	hear(27, "U8", "8", oracle.Pending, "T7")
	hear(27, "U8", "8", oracle.Rejected, "T7")
	hear(29, "U5", "DG", oracle.Accepted, "L4")
	hear(31, "U6", "DG", oracle.Accepted, "L5")
	hear(33, "U7", "AR", oracle.Accepted, "T6")
	hear(37, "U9", "DG", oracle.Accepted, "L6")
	hear(38, "U10", "8", oracle.Pending, "T8")
	hear(39, "U10", "8", oracle.Rejected, "T8")
	hear(40, "U11", "8", oracle.Pending, "T11")
	hear(41, "U11", "8", oracle.Accepted, "T11")
	hear(42, "U12", "8", oracle.Pending, "T12")
	hear(43, "U12", "8", oracle.Accepted, "T12")
	hear(47, "U14", "DG", oracle.Accepted, "L7")
	hear(49, "U15", "DG", oracle.Accepted, "L7")
	hear(51, "U16", "AR", oracle.Rejected, "T13")
	answer(e, "U8", oracle.Rejected).Text = "line check L4: cannot use 90,000 EUR: 30,000 is left: reserve more, or deal less"
	e.Rejections = append(e.Rejections,
		oracle.Rejection{TradeID: "T7", Provider: "TEST3", Reference: "U8", Code: "reservation_differs"},
		oracle.Rejection{TradeID: "T8", Provider: "TEST3", Reference: "U10", Code: "expired"},
		oracle.Rejection{TradeID: "T13", Provider: "TEST3", Reference: "U16", Code: "expired"})
	e.Claims = append(e.Claims, "L4", "L5", "L6", "T5", "T6", "T7", "T8", "T11", "T12", "L7", "T13")
}

func addTrades(e *oracle.Evidence) {
	for _, c := range []struct{ id, reference, client, side, amount, counter string }{
		{"T5", "U3", "C2", "buy", "30000", "33000"},
		{"T6", "U7", "C2", "buy", "60000", "66000"},
		{"T11", "U11", "C3", "buy", "100000", "110000"},
		{"T12", "U12", "C3", "sell", "100000", "110000"},
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
	netted := func(side, gain, quote string) func(*oracle.Reservation) {
		return func(r *oracle.Reservation) {
			r.Kind, r.Client, r.Side, r.Netted, r.Basis.MarkToMarket = "trade", "client/C3", side, true, dec(gain)
			r.Exchange = oracle.Exchange{Base: r.Amount, Quote: dec(quote), Value: dec(quote)}
		}
	}
	add("L4", "CONSUMED", "1980.01", "90000", "0", "20000", none)
	add("T5", "CONSUMED", "660.01", "30000", "0", "30000", from("L4"))
	add("L5", "CANCELLED", "1980", "90000", "0", "0", none)
	add("T6", "CONSUMED", "1320", "60000", "0", "60000", from("L5"))
	add("L6", "EXPIRED", "1980", "90000", "0", "0", none)
	add("T8", "RELEASED", "1980", "90000", "0", "0", from("L6"))
	add("T11", "CONSUMED", "2200", "100000", "0", "100000", netted("buy", "0", "110000"))
	add("T12", "CONSUMED", "2205", "100000", "0", "100000", netted("sell", "5", "109995"))
	add("L7", "CONSUMED", "1980", "90000", "0", "30000", none)
	add("T13", "RELEASED", "1320", "60000", "0", "0", func(r *oracle.Reservation) {
		from("L7")(r)
		r.FromTaken = dec("30000")
	})
	e.Usage = append(e.Usage, oracle.Usage{Node: "client/C2", Consumed: dec("3080.02")}, oracle.Usage{Node: "client/C3", Consumed: dec("5")},
		oracle.Usage{Node: "group/G2", Consumed: dec("3085.02")}, oracle.Usage{Node: "desk/FXS2", Consumed: dec("3085.02")})
	for node, used := range map[string]string{"client/C2": "154000", "client/C3": "220000", "group/G2": "374000", "desk/FXS2": "374000"} {
		e.Settlements = append(e.Settlements, oracle.SettlementUsage{Node: node, ValueDate: "2026-11-25", Used: dec(used)})
	}
}
