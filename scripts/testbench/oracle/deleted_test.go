package oracle_test

import (
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

// deleted is an executed run in which two persons have deleted the report, which waited for its date.
func deleted(e *oracle.Evidence) {
	executed(e)
	e.Trades[2].Status = "deleted"
	e.Deletions = []oracle.Deletion{{TradeID: "T3", ProposedBy: "U13", ApprovedBy: "U21"}}
	e.Reservations[2].State, e.Reservations[2].Taken = "DELETED", decimal.Zero
	for i := range 3 {
		e.Usage[i].Consumed, e.Settlements[i].Used = decimal.Zero, dec("20000")
	}
	e.Owed[3].State = "withdrawn"
	e.Books = e.Books[2:]
	e.Books[0].Amount, e.Books[1].Amount = dec("-200000"), dec("220000")
	back := e.Bookings[2]
	back.TradeID, back.Reference, back.Reverses, back.Legs = "X3", "B9", "T3", slices.Clone(back.Legs)
	back.Legs[0].BaseSide = "sell"
	e.Bookings = append(e.Bookings, back)
}

var spoiledDeletions = []fault{
	{"deleted by nobody", "deleted by two", "T3", false, func(e *oracle.Evidence) { e.Deletions = nil }},
	{"deleted by one", "deleted by two", "T3", false, func(e *oracle.Evidence) { e.Deletions[0].ApprovedBy = "U13" }},
	{"deleted, and still there", "deleted by two", "T3", false, func(e *oracle.Evidence) { e.Trades[2].Status = "booked" }},
	{"a deleted trade on a line", "deleted is gone", "T3", true, func(e *oracle.Evidence) { e.Reservations[2].State = "CONSUMED" }},
	{"a part of a deleted trade on a line", "deleted is gone", "T3", false, func(e *oracle.Evidence) { e.Reservations[2].Taken = dec("1") }},
	{"a deleted trade that is owed", "deleted is gone", "T3", true, func(e *oracle.Evidence) { e.Owed[3].State = "open" }},
	{"a trade that is not owed", "deleted is gone", "T1", false, func(e *oracle.Evidence) { e.Owed[0].State = "withdrawn" }},
	{"no opposite booking", "deleted is gone", "T3", true, func(e *oracle.Evidence) {
		e.Bookings = slices.DeleteFunc(e.Bookings, func(b oracle.Booking) bool { return b.Reverses != "" })
	}},
	{"the opposite twice", "deleted is gone", "T3", false, func(e *oracle.Evidence) { e.Bookings = append(e.Bookings, e.Bookings[len(e.Bookings)-1]) }},
	{"the same once more", "deleted is gone", "T3", false, func(e *oracle.Evidence) { e.Bookings[len(e.Bookings)-1].Legs[0].BaseSide = "buy" }},
	{"the opposite of what was not booked", "deleted is gone", "T3", false, func(e *oracle.Evidence) { e.Trades[2].BookingReference = "" }},
	{"the opposite of a trade that is there", "booked once", "X3", false, func(e *oracle.Evidence) { e.Trades[2].Status = "booked" }},
}
