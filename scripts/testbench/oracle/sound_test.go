package oracle_test

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

var start = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// sound is a run in which all went well: a spot trade, a swap dealt in the quote currency, a report, a rejected request, and three
// line checks, of which one was consumed, one cancelled and one left to lapse. Besides, what [addUsedChecks] adds. Each call makes
// its own.
func sound() oracle.Evidence {
	e := oracle.Evidence{
		At: at(600), Sent: sent(), Received: received(), Trades: trades(), Bookings: bookings(),
		Rejections:  []oracle.Rejection{{TradeID: "T4", Provider: "TEST1", Reference: "R4", Code: "unknown_client"}},
		Claims:      []string{"T1", "T2", "T3", "T4", "L1", "L2", "L3", "F1", "F2"},
		Assignments: []oracle.Assignment{{"T1", "FXS1", "U1"}, {"T2", "FXS1", "U2"}, {"T3", "FXS1", "U1"}},
		Kept: []oracle.KeptAnswer{
			{"TEST1", "T1"}, {"TEST2", "T2"}, {"TEST1", "T3"}, {"TEST1", "T4"}, {"TEST2", "L1"}, {"TEST2", "L2"}, {"TEST2", "L3"},
		},
		Reservations: reservations(),
		Usage: []oracle.Usage{
			{"group/G1", dec("0"), dec("6600.01")}, {"desk/FXS1", dec("0"), dec("6600.01")}, {"client/C1", dec("0"), dec("6600.01")},
		},
		Settlements: []oracle.SettlementUsage{
			{"group/G1", "2026-11-25", dec("350000")},
			{"desk/FXS1", "2026-11-25", dec("350000")},
			{"client/C1", "2026-11-25", dec("350000")},
			{"group/G1", "2026-12-02", dec("110000")},
			{"desk/FXS1", "2026-12-02", dec("110000")},
			{"client/C1", "2026-12-02", dec("110000")},
			{"client/C1", "2026-11-24", dec("0")},
		},
		Queues: []oracle.Queue{{"auth", 0}, {"fx.errors", 0}},
		Writes: []oracle.Write{{"TEST1", 1, "fix-1"}, {"TEST2", 1, "fix-1"}, {"TEST1", 2, "fix-2"}, {"TEST1", 3, "fix-1"}},
	}
	addUsedChecks(&e)
	return e
}

func sent() []oracle.Sent {
	deal := oracle.Sent{Client: "C1", Product: "spot", Pair: "EUR/USD", Currency: "EUR", Side: "buy", Amount: dec("100000"), Rate: dec("1.1")}
	with := func(second int, session, reference, form string) oracle.Sent {
		s := deal
		s.At, s.Session, s.Reference, s.Form = at(second), session, reference, form
		return s
	}
	all := []oracle.Sent{
		with(0, "TEST1", "R1", "D"), with(2, "TEST2", "R2", "AB"), with(4, "TEST1", "R3", "AE"), with(6, "TEST1", "R4", "D"),
		with(8, "TEST2", "K1", "DF"), with(8, "TEST2", "K2", "DF"), with(8, "TEST2", "K3", "DF"), with(10, "TEST2", "K4", "DF"), with(10, "TEST2", "K5", "DF"),
	}
	swap := &all[1]
	swap.Product, swap.Currency, swap.Side, swap.Amount = "swap", "USD", "sell", dec("110000")
	all[3].Client = "C999"
	for i := 4; i < 7; i++ {
		all[i].Action, all[i].Rate = "reserve", decimal.Zero
	}
	all[7].Action, all[7].Target = "consume", "K1"
	all[8].Action, all[8].Target = "cancel", "K2"
	return all
}

func received() []oracle.Answer {
	answer := func(second int, session, reference, form string, state oracle.State, id, exec string, seq int) oracle.Answer {
		return oracle.Answer{
			Run: "one", At: at(second), Session: session, Reference: reference, Form: form, State: state, ID: id, ExecID: exec, Seq: seq,
		}
	}
	return []oracle.Answer{
		answer(0, "TEST1", "R1", "8", oracle.Pending, "T1", "E0", 2), answer(1, "TEST1", "R1", "8", oracle.Accepted, "T1", "E1", 3),
		answer(2, "TEST2", "R2", "8", oracle.Pending, "T2", "E2", 2), answer(3, "TEST2", "R2", "8", oracle.Accepted, "T2", "E3", 3),
		answer(5, "TEST1", "R3", "AR", oracle.Accepted, "T3", "", 4),
		answer(6, "TEST1", "R4", "8", oracle.Pending, "T4", "E4", 5), answer(7, "TEST1", "R4", "8", oracle.Rejected, "T4", "E5", 6),
		answer(9, "TEST2", "K1", "DG", oracle.Accepted, "L1", "", 4), answer(9, "TEST2", "K2", "DG", oracle.Accepted, "L2", "", 5),
		answer(9, "TEST2", "K3", "DG", oracle.Accepted, "L3", "", 6),
		answer(11, "TEST2", "K4", "DG", oracle.Accepted, "L1", "", 7), answer(11, "TEST2", "K5", "DG", oracle.Accepted, "L2", "", 8),
	}
}

func near() oracle.Leg {
	return oracle.Leg{ValueDate: "2026-11-25", BaseSide: "buy", BaseAmount: dec("100000"), QuoteAmount: dec("110000"), Rate: dec("1.1")}
}

func far() oracle.Leg {
	return oracle.Leg{ValueDate: "2026-12-02", BaseSide: "sell", BaseAmount: dec("99909.17"), QuoteAmount: dec("110000"), Rate: dec("1.101")}
}

func trades() []oracle.Trade {
	spot := oracle.Trade{
		ID: "T1", Provider: "TEST1", Reference: "R1", Status: "booked", Client: "C1", Product: "spot", Base: "EUR", Quote: "USD", Dealt: "EUR",
		Desk: "FXS1", Trader: "U1", BookingReference: "B1", Legs: []oracle.Leg{near()},
	}
	swap, report := spot, spot
	swap.ID, swap.Provider, swap.Reference, swap.Trader, swap.BookingReference = "T2", "TEST2", "R2", "U2", "B2"
	swap.Product, swap.Dealt, swap.Legs = "swap", "USD", []oracle.Leg{near(), far()}
	report.ID, report.Reference, report.BookingReference, report.Legs = "T3", "R3", "B3", []oracle.Leg{near()}
	return []oracle.Trade{spot, swap, report}
}

func bookings() []oracle.Booking {
	b := func(trade, reference, provider, product string, legs ...oracle.Leg) oracle.Booking {
		return oracle.Booking{TradeID: trade, Reference: reference, Provider: provider, Client: "C1", Product: product, Pair: "EUR/USD", Legs: legs}
	}
	return []oracle.Booking{
		b("T1", "B1", "TEST1", "spot", near()), b("T2", "B2", "TEST2", "swap", near(), far()), b("T3", "B3", "TEST1", "spot", near()),
	}
}

// reservations: 100,000 EUR at 1.1 and 2 % is 2,200 USD; of the swap 100,000 EUR count once, and a gain of a cent; the check
// was for 0 gain and 2,200 as well.
func reservations() []oracle.Reservation {
	r := func(id, kind, state, exposure, gain string) oracle.Reservation {
		return oracle.Reservation{
			ID: id, Kind: kind, Provider: "TEST2", State: state, Group: "group/G1", Desk: "desk/FXS1", Client: "client/C1", Exposure: dec(exposure),
			NearDate: "2026-11-25", NearReceivable: dec("110000"), ExpiresAt: at(70),
			Pair: "EUR/USD", Currency: "EUR", Side: "buy", Amount: dec("100000"), ValueDate: "2026-11-25",
			Basis: oracle.Basis{
				BaseCurrency: "EUR", BaseAmount: dec("100000"), Conversion: dec("1.1"), AddOn: dec("0.02"), MarkToMarket: dec(gain),
			},
		}
	}
	all := []oracle.Reservation{
		r("T1", "trade", "CONSUMED", "2200", "-5"), r("T2", "trade", "CONSUMED", "2200.01", "0.01"), r("T3", "trade", "CONSUMED", "2200", "0"),
		r("L1", "check", "CONSUMED", "0", "0"), r("L2", "check", "CANCELLED", "7", "0"), r("L3", "check", "EXPIRED", "9", "0"),
	}
	for i := range all {
		if all[i].State == "CONSUMED" {
			all[i].Taken = all[i].Amount
		}
	}
	all[1].FarDate, all[1].FarReceivable = "2026-12-02", dec("110000")
	all[3].NearReceivable = dec("20000")
	return all
}
