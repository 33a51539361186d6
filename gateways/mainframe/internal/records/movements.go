package records

import (
	"time"

	"github.com/shopspring/decimal"
)

// Movement asks to move money between accounts; its lines follow.
type Movement struct {
	ID        string    `pic:"X(36)"`
	Attempt   int       `pic:"9(3)"` // from 1. A refusal holds for this attempt and those before it.
	ValueDate time.Time `pic:"9(8)"`
	Client    string    `pic:"X(12)"`
	NotAfter  time.Time `pic:"X(26)"` // the host does not move the money later
	Lines     int       `pic:"9(3)"`
}

// MovementLine is one amount that leaves an account and enters another.
type MovementLine struct {
	Currency string          `pic:"X(3)"`
	Amount   decimal.Decimal `pic:"9(15)V9(3) COMP-3"`
	From     string          `pic:"X(20)"`
	To       string          `pic:"X(20)"`
}

// Moved answers MOVE with code 0, or 4 where it was made before: the same reference and time again.
type Moved struct {
	ID        string    `pic:"X(36)"`
	Reference string    `pic:"X(12)"`
	MovedAt   time.Time `pic:"X(26)"`
}

// StatementRequest asks for what was moved on a day.
type StatementRequest struct {
	Day   time.Time `pic:"9(8)"`
	First int       `pic:"9(8)"` // the first movement wanted, from 0
	Max   int       `pic:"9(5)"` // movements wanted
}

// StatementAnswer stands before the movements of a page.
type StatementAnswer struct {
	Day      time.Time `pic:"9(8)"`
	AsOf     time.Time `pic:"X(26)"` // the host's time for which Total holds
	Total    int       `pic:"9(8)"`  // movements of the day so far
	Complete bool      `pic:"X(1)"`  // the day is over, so Total is final
}

// StatementMovement is a movement that was made, in a statement; its lines follow.
type StatementMovement struct {
	ID        string    `pic:"X(36)"`
	Reference string    `pic:"X(12)"`
	MovedAt   time.Time `pic:"X(26)"`
	ValueDate time.Time `pic:"9(8)"`
	Client    string    `pic:"X(12)"`
	Lines     int       `pic:"9(3)"`
}

// Nostro is a row of the set nostros: the bank's own accounts in a currency.
type Nostro struct {
	Currency   string `pic:"X(3)"`
	Account    string `pic:"X(20)"` // through which the bank pays those who have no account here
	Settlement string `pic:"X(20)"` // the other side of what clients pay and get for their deals
}

// Agreement is a row of the set agreements.
type Agreement struct {
	Client string `pic:"X(12)"`
	Kind   string `pic:"X(12)"` // "settlement": the client's payments of one value date are netted
}

// Balancing is a row of the set balancing.
type Balancing struct {
	Desk     string `pic:"X(8)"`
	Into     string `pic:"X(8)"` // the desk into whose books the positions go
	Currency string `pic:"X(3)"` // in which the desk keeps its result
}

// Clock is the row of the set clock.
type Clock struct {
	BusinessDay time.Time `pic:"9(8)"`
	Offset      int       `pic:"9(10)"` // seconds by which the bank's clock is ahead of real time
}
