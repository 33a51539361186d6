package records

import (
	"time"

	"github.com/shopspring/decimal"
)

// Pong answers PING.
type Pong struct {
	HostTime time.Time `pic:"X(26)"`
}

// ListRequest asks for a page of a set.
type ListRequest struct {
	Set   string `pic:"X(10)"`
	Known int    `pic:"9(15)"` // the version that the asker has; 0 for none. The same one is answered with code 4.
	First int    `pic:"9(8)"`  // the first record wanted, from 0
	Max   int    `pic:"9(5)"`  // records wanted
}

// ListAnswer stands before the records of a page.
type ListAnswer struct {
	Set     string    `pic:"X(10)"`
	Version int       `pic:"9(15)"` // milliseconds since 1970 since when the set is as it is: it only grows
	AsOf    time.Time `pic:"X(26)"` // the host's time for which the records hold
	Total   int       `pic:"9(8)"`  // records of the whole set
}

// Booking asks to book a trade; its legs follow, the near one first.
type Booking struct {
	TradeID      string    `pic:"X(36)"`
	Version      int       `pic:"9(4)"` // of the trade
	Provider     string    `pic:"X(20)"`
	Client       string    `pic:"X(12)"`
	Account      string    `pic:"X(20)"` // spaces: the client's own in each currency
	Product      string    `pic:"X(8)"`
	Pair         string    `pic:"X(7)"` // conventional order
	TradeDate    time.Time `pic:"9(8)"`
	RegisteredAt time.Time `pic:"X(26)"`
	Legs         int       `pic:"9(2)"`
}

// Leg is one exchange of two currencies, as the client sees it.
type Leg struct {
	ValueDate   time.Time       `pic:"9(8)"`
	BaseSide    string          `pic:"X(4)"` // buy or sell
	Base        string          `pic:"X(3)"`
	BaseAmount  decimal.Decimal `pic:"9(15)V9(3) COMP-3"`
	Quote       string          `pic:"X(3)"`
	QuoteAmount decimal.Decimal `pic:"9(15)V9(3) COMP-3"`
	Rate        decimal.Decimal `pic:"9(9)V9(9) COMP-3"` // units of the quote currency for one of the base
}

// Booked answers BOOK with code 0, or 4 where the trade was booked before: the same reference and time again.
type Booked struct {
	TradeID   string    `pic:"X(36)"`
	Reference string    `pic:"X(12)"`
	BookedAt  time.Time `pic:"X(26)"`
}

// Refusal answers BOOK and MOVE with code 8; the header has the reason's name.
type Refusal struct {
	ID   string `pic:"X(36)"`  // of the trade or the movement
	Text string `pic:"X(120)"` // for a person
}
