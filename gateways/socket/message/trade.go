package message

import (
	"fmt"
	"time"
)

// Terms are the terms of a trade, the same for a requested and a reported one.
type Terms struct {
	TransactedAt time.Time // decides the trade date
	Client       string
	Account      string // an account of the client; may be empty
	Product      Product
	Pair         string // EUR/USD; rates are units of the second currency for one of the first
	Currency     string // dealt currency: the currency of the amounts
	QuoteID      string // may be empty
	Legs         []Leg  // one; of a swap two, the near one first

	// The line check that the trade uses, if any: one of the two. Since 1.1.
	CheckID        string // our id of the reservation
	CheckReference string // reference of the request that reserved, on the same trade date
	Rest           Rest   // of the reservation: 0 is Keep
}

// Leg is one exchange of currencies.
type Leg struct {
	Side      Side
	Amount    string
	Rate      string // all-in
	Tenor     string // SPOT, TOD, TOM, SN, 3D, 1W, 6M, 2Y; may be empty
	ValueDate string // YYYY-MM-DD; if set, Tenor is not used; may be empty
	Other     string // of a report: amount of the other currency; may be empty; since 1.1
	Points    string // of a report: forward points, as a difference of rates: rate less spot rate; may be empty; since 1.2
}

const swapLegs = 2

func (t *Terms) walk(f *fields) {
	f.needInstant("transacted_at", &t.TransactedAt)
	f.text("client", &t.Client, required(maxParty))
	f.text("account", &t.Account, optional(maxParty))
	oneOf(f, "product", &t.Product, products)
	f.text("pair", &t.Pair, required(maxParty))
	f.currency("currency", &t.Currency)
	f.text("quote_id", &t.QuoteID, optional(maxReference))
	group(f, "legs", &t.Legs, swapLegs, func(l *Leg) { l.walk(f) })
	if f.since(1) {
		f.text("uses_check_id", &t.CheckID, optional(maxReference))
		f.text("uses_check_reference", &t.CheckReference, optional(maxReference))
		code(f, "rest", &t.Rest, rests)
	}
	t.check(f)
}

func (l *Leg) walk(f *fields) {
	oneOf(f, "side", &l.Side, sides)
	f.needAmount("amount", &l.Amount)
	f.needAmount("rate", &l.Rate)
	f.text("tenor", &l.Tenor, optional(maxTenor))
	f.date("value_date", &l.ValueDate)
	if f.since(1) {
		f.amount("other_amount", &l.Other)
	}
	if f.since(2) {
		f.difference("forward_points", &l.Points)
	}
}

// check checks the rules between fields. The core checks whether dates, pair and client are valid.
func (t *Terms) check(f *fields) {
	legs := 1
	if t.Product == Swap {
		legs = swapLegs
	}
	switch {
	case t.Currency == "":
		f.fail("currency", ruleNeeded)
	case t.CheckID != "" && t.CheckReference != "":
		f.fail("uses_check_id", "either it or uses_check_reference")
	case t.Rest != 0 && t.CheckID+t.CheckReference == "":
		f.fail("rest", "only beside uses_check_id or uses_check_reference")
	case len(t.Legs) != legs:
		f.fail("legs", "one; of a swap two, the near one first")
	case t.Product == Spot && t.Legs[0].settles("SPOT"):
		f.fail("legs[0].tenor", "of a spot trade SPOT or nothing")
	case t.Product == Forward && !t.Legs[0].settles(""):
		f.fail("legs[0].tenor", "a forward needs a tenor or a value date")
	case t.Product == Swap && t.Legs[0].Side == t.Legs[1].Side:
		f.fail("legs[1].side", "the legs of a swap go opposite ways")
	case t.Product == Swap && !t.Legs[1].settles(""):
		f.fail("legs[1].tenor", "the far leg needs a tenor or a value date")
	}
}

// settles reports whether the leg settles by a tenor other than the given one: a value date stands above the tenor. With an empty tenor it reports whether the leg names a
// tenor or a value date at all.
func (l *Leg) settles(tenor string) bool {
	if tenor != "" {
		return l.ValueDate == "" && l.Tenor != "" && l.Tenor != tenor
	}
	return l.Tenor != "" || l.ValueDate != ""
}

// TradeRequest asks for a trade at the rates that it names. The core does the whole trade or nothing.
type TradeRequest struct {
	RequestHead
	Deadline time.Time // a later decision is a refusal; zero or too late: 60 s after TransactedAt
	Terms
}

// Type is TypeTradeRequest.
func (*TradeRequest) Type() Type { return TypeTradeRequest }

func (r *TradeRequest) fields(f *fields) {
	r.need(f)
	f.instant("deadline", &r.Deadline)
	r.Terms.walk(f)
	for i, l := range r.Legs {
		if l.Other != "" {
			f.fail(fmt.Sprintf("legs[%d].other_amount", i), "only in a report: the core computes it")
		}
		if l.Points != "" {
			f.fail(fmt.Sprintf("legs[%d].forward_points", i), "only in a report: the core computes them")
		}
	}
}

// TradeReport reports a trade that was done elsewhere.
type TradeReport struct {
	RequestHead
	Terms
	TradeDate string // YYYY-MM-DD, the reporter's own; may be empty; since 1.1
	SpotRate  string // within the rates of the legs; may be empty; since 1.1

	SwapPoints string // of a swap: far rate less near rate; may be empty; since 1.2
}

// Type is TypeTradeReport.
func (*TradeReport) Type() Type { return TypeTradeReport }

func (r *TradeReport) fields(f *fields) {
	r.need(f)
	r.Terms.walk(f)
	if f.since(1) {
		f.date("trade_date", &r.TradeDate)
		f.amount("spot_rate", &r.SpotRate)
	}
	if f.since(2) {
		f.difference("swap_points", &r.SwapPoints)
	}
}
