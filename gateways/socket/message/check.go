package message

import "time"

// LineCheck asks to reserve on a client's line, to consume or cancel what was reserved, or to reverse a consumption.
type LineCheck struct {
	RequestHead
	Action       Action
	TransactedAt time.Time // decides the trade date
	Client       string

	// To consume, cancel or reverse, one of the two. The terms below may be stated, too, and must be those of the
	// reservation; a smaller amount is a part of it.
	ReservationID        string // our id; valid on later trade dates, too
	ReservationReference string // reference of the request that reserved, on the same trade date

	ExpiresAt time.Time // to reserve: wanted end of the reservation; zero: the line's default
	Pair      string
	Currency  string // of the amount
	Side      Side
	Amount    string
	Tenor     string // without a tenor and a value date it is spot
	ValueDate string // if set, Tenor is not used

	// To consume and reverse, if wanted one of the two: the trade for which the consumption is. Since 1.2.
	ForTradeID        string // our trade id
	ForTradeReference string // reference of the trade, on the same trade date
}

// Type is TypeLineCheck.
func (*LineCheck) Type() Type { return TypeLineCheck }

func (c *LineCheck) fields(f *fields) {
	c.need(f)
	oneOf(f, "action", &c.Action, actions)
	f.needInstant("transacted_at", &c.TransactedAt)
	f.text("client", &c.Client, required(maxParty))
	f.text("reservation_id", &c.ReservationID, optional(maxReference))
	f.text("reservation_reference", &c.ReservationReference, optional(maxReference))
	f.instant("expires_at", &c.ExpiresAt)
	f.text("pair", &c.Pair, optional(maxParty))
	f.currency("currency", &c.Currency)
	code(f, "side", &c.Side, sides)
	f.amount("amount", &c.Amount)
	f.text("tenor", &c.Tenor, optional(maxTenor))
	f.date("value_date", &c.ValueDate)
	if f.since(2) {
		f.text("for_trade_id", &c.ForTradeID, optional(maxReference))
		f.text("for_trade_reference", &c.ForTradeReference, optional(maxReference))
	}
	c.checkTrade(f)
	if c.Action == Reserve {
		c.checkReserve(f)
		return
	}
	c.checkTarget(f)
}

func (c *LineCheck) checkReserve(f *fields) {
	switch {
	case c.ReservationID != "":
		f.fail("reservation_id", "none yet when reserving")
	case c.ReservationReference != "":
		f.fail("reservation_reference", "none yet when reserving")
	case c.Pair == "":
		f.fail("pair", ruleNeeded)
	case c.Currency == "":
		f.fail("currency", ruleNeeded)
	case c.Side == 0:
		f.fail("side", ruleNeeded)
	case c.Amount == "":
		f.fail("amount", ruleNeeded)
	}
}

// checkTrade checks the name of the trade for which a consumption is.
func (c *LineCheck) checkTrade(f *fields) {
	switch {
	case c.ForTradeID != "" && c.ForTradeReference != "":
		f.fail("for_trade_id", "either it or for_trade_reference")
	case c.Action != Consume && c.Action != Reverse && c.ForTradeID != "":
		f.fail("for_trade_id", "only to consume or reverse")
	case c.Action != Consume && c.Action != Reverse && c.ForTradeReference != "":
		f.fail("for_trade_reference", "only to consume or reverse")
	}
}

// checkTarget checks a consumption, a cancellation or a reversal. It must name the reservation.
func (c *LineCheck) checkTarget(f *fields) {
	if (c.ReservationID == "") == (c.ReservationReference == "") {
		f.fail("reservation_id", "either it or reservation_reference")
	}
	if !c.ExpiresAt.IsZero() {
		f.fail("expires_at", "only when reserving")
	}
}
