package oracle_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

func allRules() []oracle.Rule { return slices.Concat(oracle.Rules(), oracle.Undisturbed(at(0))) }

func TestASoundRunHasNoViolation(t *testing.T) {
	for _, v := range oracle.Judge(sound(), allRules()...) {
		t.Error(v)
	}
}

// fault spoils a sound run in one way; the rule must find it, and say of whom.
type fault struct {
	name, rule, id string
	passing        bool // time may heal it
	spoil          func(e *oracle.Evidence)
}

var spoiled = []fault{
	{"no final answer", "answered once", "TEST1 R1", true, func(e *oracle.Evidence) { drop(&e.Received, 1) }},
	{"two final answers", "answered once", "TEST1 R1", false, func(e *oracle.Evidence) { e.Received = append(e.Received, later(e.Received[1], 9)) }},
	{"filled, then rejected", "answered once", "TEST1 R1", false, func(e *oracle.Evidence) {
		a := later(e.Received[1], 9)
		a.State = oracle.Rejected
		e.Received = append(e.Received, a)
	}},
	{"an answer to nothing", "answered once", "TEST1 R9", false, func(e *oracle.Evidence) {
		a := later(e.Received[1], 9)
		a.Reference = "R9"
		e.Received = append(e.Received, a)
	}},
	{"a repeat filled under another ExecID", "answered once", "TEST1 R1", false, func(e *oracle.Evidence) {
		e.Sent = append(e.Sent, e.Sent[0])
		a := later(e.Received[1], 9)
		a.ExecID = "E9"
		e.Received = append(e.Received, a)
	}},
	{"a message under a number that has been", "answers in sequence", "TEST2 K4", false, func(e *oracle.Evidence) { e.Received[10].Seq = 6 }},
	{"pending twice", "pending first", "TEST1 R1", false, func(e *oracle.Evidence) {
		e.Received = slices.Insert(e.Received, 1, e.Received[0])
	}},
	{"pending after the end", "pending first", "TEST1 R1", false, func(e *oracle.Evidence) {
		e.Received[0], e.Received[1] = e.Received[1], e.Received[0]
	}},
	{"never pending", "pending answered", "TEST1 R1", false, func(e *oracle.Evidence) { drop(&e.Received, 0) }},
	{"an answer that is not kept", "answers kept", "TEST1 R1", false, func(e *oracle.Evidence) { drop(&e.Kept, 0) }},

	{"filled, not registered", "filled is registered", "TEST1 R1", false, func(e *oracle.Evidence) { drop(&e.Trades, 0) }},
	{"filled under another id", "filled is registered", "TEST1 R1", false, func(e *oracle.Evidence) { e.Received[1].ID = "T9" }},
	{"rejected and registered", "rejected is not registered", "TEST1 R1", false, func(e *oracle.Evidence) { e.Received[1].State = oracle.Rejected }},
	{"rejected without record", "rejected is not registered", "TEST1 R4", true, func(e *oracle.Evidence) { e.Rejections = nil }},
	{"registered for nobody", "registered was asked for", "T9", false, func(e *oracle.Evidence) {
		t := e.Trades[0]
		t.ID, t.Reference = "T9", "R9"
		e.Trades = append(e.Trades, t)
	}},
	{"registered twice", "registered was asked for", "TEST1 R1", false, func(e *oracle.Evidence) {
		t := e.Trades[0]
		t.ID = "T9"
		e.Trades = append(e.Trades, t)
	}},
	{"other amount", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Legs[0].BaseAmount = dec("100000.01") }},
	{"what was asked for after the answer", "registered as asked", "T1", false, func(e *oracle.Evidence) {
		second := e.Sent[0]
		second.At, second.Amount = at(2), dec("200000")
		e.Sent = append(e.Sent, second)
		e.Trades[0].Legs[0].BaseAmount = dec("200000")
	}},
	{"other side", "registered as asked", "T2", false, func(e *oracle.Evidence) { e.Sent[1].Side = "buy" }},
	{"other rate", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Legs[0].Rate = dec("1.2") }},
	{"other client", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Client = "C2" }},
	{"other product", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Product = "forward" }},
	{"other pair", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Quote = "CHF" }},
	{"other dealt currency", "registered as asked", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Dealt = "USD" }},
	{"a swap with one leg", "registered as asked", "T2", false, func(e *oracle.Evidence) { drop(&e.Trades[1].Legs, 1) }},
	{"a swap of unequal legs", "registered as asked", "T2", false, func(e *oracle.Evidence) { e.Trades[1].Legs[1].QuoteAmount = dec("1") }},
	{"a swap one way", "registered as asked", "T2", false, func(e *oracle.Evidence) { e.Trades[1].Legs[1].BaseSide = "buy" }},
	{"registered without authorisation", "authorised", "T1", false, func(e *oracle.Evidence) { drop(&e.Claims, 0) }},
	{"nobody answers for it", "assigned", "T1", true, func(e *oracle.Evidence) { drop(&e.Assignments, 0) }},
	{"trading knows nobody", "assigned", "T1", true, func(e *oracle.Evidence) { e.Trades[0].Trader = "" }},
	{"trading knows another", "assigned", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Trader = "U9" }},

	{"no reservation", "reservation consumed", "T1", true, func(e *oracle.Evidence) { drop(&e.Reservations, 0) }},
	{"reservation still open", "reservation consumed", "T1", true, func(e *oracle.Evidence) { e.Reservations[0].State = "RESERVED" }},
	{"reservation of another client", "reservation consumed", "T1", false, func(e *oracle.Evidence) { e.Reservations[0].Client = "client/C2" }},
	{"consumed for no trade", "reservation accounted for", "T9", true, func(e *oracle.Evidence) {
		r := e.Reservations[0]
		r.ID = "T9"
		e.Reservations = append(e.Reservations, r)
	}},
	{"reserved for no trade, long ago", "reservation accounted for", "T9", true, func(e *oracle.Evidence) {
		r := e.Reservations[0]
		r.ID, r.State = "T9", "RESERVED"
		e.Reservations = append(e.Reservations, r)
	}},
	{"a check approved, not reserved", "reservation accounted for", "TEST2 K3", false, func(e *oracle.Evidence) { drop(&e.Reservations, 5) }},
	{"a check reserved, not approved", "reservation accounted for", "L3", true, func(e *oracle.Evidence) { e.Received[9].State = oracle.Rejected }},
	{"a consumed check that is not", "reservation accounted for", "L1", true, func(e *oracle.Evidence) { e.Reservations[3].State = "EXPIRED" }},
	{"a cancelled check that is not", "reservation accounted for", "L2", true, func(e *oracle.Evidence) { e.Reservations[4].State = "RESERVED" }},
	{"a check consumed by nobody", "reservation accounted for", "L3", true, func(e *oracle.Evidence) { e.Reservations[5].State = "CONSUMED" }},
	{"a check that should have lapsed", "reservation accounted for", "L3", true, func(e *oracle.Evidence) { e.Reservations[5].State = "RESERVED" }},
	{"exposure of other amounts", "exposure of the trade", "T1", false, func(e *oracle.Evidence) { e.Trades[0].Legs[0].BaseAmount = dec("200000") }},
	{"settles on another day", "exposure of the trade", "T1", false, func(e *oracle.Evidence) { e.Reservations[0].NearDate = "2026-11-26" }},
	{"usage too high", "usage of reservations", "desk/FXS1", false, func(e *oracle.Evidence) { e.Usage[1].Consumed = dec("6600.02") }},
	{"promised usage not freed", "usage of reservations", "client/C1", false, func(e *oracle.Evidence) { e.Usage[2].Reserved = dec("7") }},
	{"usage missing", "usage of reservations", "group/G1", false, func(e *oracle.Evidence) { drop(&e.Usage, 0) }},
	{"usage not of the trades", "usage of trades", "client/C1", true, func(e *oracle.Evidence) {
		e.Reservations[0].Exposure, e.Usage[2].Consumed = dec("2300"), dec("6700.01")
	}},
	{"settlement too low", "settlements of reservations", "client/C1 2026-11-25", false, func(e *oracle.Evidence) { e.Settlements[2].Used = dec("1") }},
	{"settlement missing", "settlements of reservations", "group/G1 2026-11-25", false, func(e *oracle.Evidence) { drop(&e.Settlements, 0) }},

	{"settled, and not freed", "freed is settled", "T1", true, func(e *oracle.Evidence) {
		e.Settled = []oracle.SettledLeg{{TradeID: "T1", Leg: 1}}
	}},
	{"freed, and not settled", "freed is settled", "T2", false, func(e *oracle.Evidence) { e.Reservations[1].NearSettled = true }},
	{"freed before its last leg", "freed is settled", "T2", false, func(e *oracle.Evidence) {
		settle(e)
		e.Reservations[1].FarSettled = false
	}},
	{"settled, and still consumed", "reservation consumed", "T1", false, func(e *oracle.Evidence) {
		settle(e)
		e.Reservations[0].Taken = e.Reservations[0].Amount
	}},
	{"settled for no trade", "reservation accounted for", "T9", true, func(e *oracle.Evidence) {
		settle(e)
		r := e.Reservations[0]
		r.ID = "T9"
		e.Reservations = append(e.Reservations, r)
	}},
	{"settled, and its line not freed", "usage of reservations", "desk/FXS1", false, func(e *oracle.Evidence) {
		settle(e)
		e.Usage[1].Consumed = dec("4400")
	}},
	{"settled, and its date not freed", "settlements of reservations", "client/C1 2026-11-25", false, func(e *oracle.Evidence) {
		settle(e)
		e.Settlements[2].Used = dec("240000")
	}},

	{"not booked", "booked once", "T1", true, func(e *oracle.Evidence) { drop(&e.Bookings, 0) }},
	{"booked twice", "booked once", "T1", false, func(e *oracle.Evidence) { e.Bookings = append(e.Bookings, e.Bookings[0]) }},
	{"booked, not registered", "booked once", "T9", false, func(e *oracle.Evidence) {
		b := e.Bookings[0]
		b.TradeID = "T9"
		e.Bookings = append(e.Bookings, b)
	}},
	{"booked as something else", "booked once", "T1", false, func(e *oracle.Evidence) { e.Bookings[0].Legs[0].Rate = dec("1.2") }},
	{"trading does not know the booking", "booked once", "T1", true, func(e *oracle.Evidence) { e.Trades[0].BookingReference = "" }},
	{"trading knows another booking", "booked once", "T1", false, func(e *oracle.Evidence) { e.Trades[0].BookingReference = "B9" }},
	{"booked out of order", "booked in order", "T3", false, func(e *oracle.Evidence) {
		e.Bookings[0], e.Bookings[2] = e.Bookings[2], e.Bookings[0]
	}},
	{"something waits", "queues empty", "auth", true, func(e *oracle.Evidence) { e.Queues[0].Messages = 1 }},
	{"something failed", "queues empty", "fx.errors", false, func(e *oracle.Evidence) {
		e.Queues[1].Messages, e.Stuck = 1, []oracle.Stuck{{Queue: "fx.errors", From: "trading", Reason: "read", ID: "E"}}
	}},
	{"a message that the journal lacks", "journal complete", "M-1", true, func(e *oracle.Evidence) {
		e.Journal.Unkept = []oracle.Unkept{{Service: "trading", ID: "M-1"}}
	}},
	{"a message that the journal has twice", "journal complete", "M-1", false, func(e *oracle.Evidence) { e.Journal.Doubled = []string{"M-1"} }},
	{"a message without a span", "journal complete", "spans", true, func(e *oracle.Evidence) { e.Journal.SpansMissing = 1 }},
	{"a holder that wrote after its lease", "one holder", "TEST1", false, func(e *oracle.Evidence) {
		e.Writes = append(e.Writes, oracle.Write{Session: "TEST1", Epoch: 2, Writer: "fix-2"})
	}},
	{"two holders under one epoch", "one holder", "TEST1", false, func(e *oracle.Evidence) {
		e.Writes = append(e.Writes, oracle.Write{Session: "TEST1", Epoch: 3, Writer: "fix-2"})
	}},
}

func every() []fault {
	return slices.Concat(spoiled, spoiledUses, after(spoiledSettlements, executed), after(spoiledDeletions, deleted))
}

func TestEveryWayToGoWrongIsFound(t *testing.T) {
	for _, c := range every() {
		t.Run(c.name, func(t *testing.T) {
			e := sound()
			c.spoil(&e)
			found := oracle.Judge(e, allRules()...)
			match := func(v oracle.Violation) bool { return v.Rule == c.rule && v.ID == c.id && v.Passing == c.passing }
			if !slices.ContainsFunc(found, match) {
				t.Errorf("want %s: %s, passing %t; found %+v", c.rule, c.id, c.passing, found)
			}
		})
	}
}

func TestEveryRuleHasACaseThatBreaksIt(t *testing.T) {
	broken := map[string]bool{}
	for _, c := range every() {
		broken[c.rule] = true
	}
	for _, rule := range allRules() {
		if !broken[rule.Name] {
			t.Errorf("no case breaks %q", rule.Name)
		}
	}
}

// What looks wrong and is not.
func TestWhatIsAllowed(t *testing.T) {
	cases := map[string]func(e *oracle.Evidence){
		"the same request again, answered the same": func(e *oracle.Evidence) {
			e.Sent = append(e.Sent, e.Sent[0])
			e.Received = append(e.Received, later(e.Received[0], 9), later(e.Received[1], 10))
		},
		"another request under a used reference, rejected": func(e *oracle.Evidence) {
			other := e.Sent[0]
			other.Amount = dec("5")
			e.Sent = append(e.Sent, other)
			a := later(e.Received[1], 9)
			a.State, a.ExecID = oracle.Rejected, "E9"
			e.Received = append(e.Received, a)
			e.Rejections = append(e.Rejections, oracle.Rejection{TradeID: "T1", Provider: "TEST1", Reference: "R1", Code: "duplicate"})
		},
		"of two requests at once under one reference, the second": func(e *oracle.Evidence) {
			second := e.Sent[0]
			second.Client = "C2"
			e.Sent[0], e.Sent = second, append(e.Sent, e.Sent[0])
			a := later(e.Received[1], 9)
			a.State, a.ExecID = oracle.Rejected, "E9"
			e.Received = append(e.Received, a)
		},
		"no room, and sent again": func(e *oracle.Evidence) {
			again := e.Sent[0]
			again.Again = true
			e.Sent = append(e.Sent, again)
			e.Received = slices.Insert(e.Received, 0, oracle.Answer{Run: "one", Session: "TEST1", Reference: "R1", Form: "j", State: oracle.Busy, Seq: 1})
		},
		"a check that may still be resolved": func(e *oracle.Evidence) {
			e.Reservations[5].State, e.Reservations[5].Open, e.At = "RESERVED", dec("100000"), at(71)
			for i := range 3 {
				e.Usage[i].Reserved = dec("9")
				e.Settlements[i].Used = dec("460000")
			}
		},
		"a request that is no message, and another one under its reference": func(e *oracle.Evidence) {
			broken := e.Sent[0]
			broken.Client, broken.At = "C2", at(-2)
			e.Sent = slices.Insert(e.Sent, 0, broken)
			e.Received = slices.Insert(e.Received, 0, oracle.Answer{
				Run: "one", At: at(-1), Session: "TEST1", Reference: "R1", Form: "3", State: oracle.Refused, Seq: 1,
			})
		},
		"trades that are settled":  settle,
		"trades that are executed": executed,
		"a trade that is deleted":  deleted,
		"a trade that is deleted, which the mainframe had refused": func(e *oracle.Evidence) {
			deleted(e)
			e.Trades[2].BookingReference = ""
			e.Bookings = slices.DeleteFunc(e.Bookings, func(b oracle.Booking) bool { return b.TradeID == "T3" || b.Reverses == "T3" })
		},
		"a request by the interface, whose answer no gateway keeps": func(e *oracle.Evidence) {
			e.Sent[0].Form, e.Received[0].Form, e.Received[1].Form = "api", "api", "api"
			drop(&e.Kept, 0)
		},
		"two trades under way at once, booked either way": func(e *oracle.Evidence) {
			e.Sent[1].At = at(0)
			e.Bookings[0], e.Bookings[1] = e.Bookings[1], e.Bookings[0]
		},
		"another record with numbers of its own": func(e *oracle.Evidence) {
			e.Sent = append(e.Sent, e.Sent[0])
			a := later(e.Received[1], 1)
			a.Run = "two"
			e.Received = append(e.Received, a)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			e := sound()
			change(&e)
			for _, v := range oracle.Judge(e, allRules()...) {
				t.Error(v)
			}
		})
	}
}

// The rules for a run in which nothing was killed judge what was asked for since an instant, and nothing before it.
func TestWhatWasAskedForBeforeIsNotHeldToTheRulesOfACalmRun(t *testing.T) {
	e := sound()
	drop(&e.Received, 0) // R1, asked for at 0, was never pending
	e.Bookings[0], e.Bookings[1] = e.Bookings[1], e.Bookings[0]
	for since, want := range map[int]int{0: 2, 1: 0} {
		if found := oracle.Judge(e, oracle.Undisturbed(at(since))...); len(found) != want {
			t.Errorf("since second %d: want %d, found %v", since, want, found)
		}
	}
	e = sound()
	e.Bookings[1], e.Bookings[2] = e.Bookings[2], e.Bookings[1] // R2 and R3, asked for at 2 and 4
	if found := oracle.Judge(e, oracle.Undisturbed(at(1))...); len(found) != 1 || found[0].ID != "T3" {
		t.Errorf("since second 1: found %v", found)
	}
}

// settle settles the first trade, and both legs of the swap. Of the group's lines 2,200 stay consumed by the report, and 130,000 due.
func settle(e *oracle.Evidence) {
	for i := range 2 {
		r := &e.Reservations[i]
		r.State, r.Taken, r.NearSettled = "SETTLED", decimal.Zero, true
	}
	e.Reservations[1].FarSettled = true
	e.Settled = []oracle.SettledLeg{{TradeID: "T1", Leg: 1}, {TradeID: "T2", Leg: 1}, {TradeID: "T2", Leg: 2}}
	for i := range 3 {
		e.Usage[i].Consumed, e.Settlements[i].Used, e.Settlements[i+3].Used = dec("2200"), dec("130000"), decimal.Zero
	}
}

func drop[T any](all *[]T, i int) { *all = slices.Delete(*all, i, i+1) }

func later(a oracle.Answer, seq int) oracle.Answer {
	a.Seq = seq
	return a
}
