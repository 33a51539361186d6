package messages

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// MaxStatement is how many movements may be asked for at once.
const MaxStatement = 1000

// MovementRequested has the fields of movement.requested that the gateway reads.
type MovementRequested struct {
	MovementID string         `json:"movement_id"`
	Attempt    int            `json:"attempt"`    // from 1; a request without it is the first
	ValueDate  string         `json:"value_date"` // YYYY-MM-DD
	Client     string         `json:"client"`
	Lines      []MovementLine `json:"lines"`
	NotAfter   time.Time      `json:"not_after"` // by the bank's clock: the money must not move later
}

// MovementLine is one amount of a movement, which leaves an account and enters another.
type MovementLine struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	From     string          `json:"from"`
	To       string          `json:"to"`
}

// MovementMade is the data of movement.made.
type MovementMade struct {
	MovementID string    `json:"movement_id"`
	Reference  string    `json:"reference"` // the mainframe's
	MovedAt    time.Time `json:"moved_at"`  // by the mainframe's clock; of the first time, if it is asked again
}

// MovementRefused is the data of movement.refused.
type MovementRefused struct {
	MovementID string `json:"movement_id"`
	Attempt    int    `json:"attempt"` // of the request that was refused
	Code       string `json:"code"`    // the mainframe's
	Text       string `json:"text"`    // for a person
}

// StatementRequested has the fields of statement.requested that the gateway reads.
type StatementRequested struct {
	Day   string `json:"day"`   // YYYY-MM-DD, in Frankfurt
	First int    `json:"first"` // position of the first movement wanted, from 0
	Most  int    `json:"most"`  // movements wanted; 0, or more than MaxStatement, is MaxStatement
}

// StatementDelivered is the data of statement.delivered: page Page of the Pages that one request led to, counted from 1. A
// request beyond the last movement leads to one page without movements.
type StatementDelivered struct {
	Day       string              `json:"day"`
	Page      int                 `json:"page"`
	Pages     int                 `json:"pages"`
	First     int                 `json:"first"`    // position of the page's first movement in the day
	Next      int                 `json:"next"`     // position after the last movement of the last page
	Total     int                 `json:"total"`    // movements of the day so far
	Complete  bool                `json:"complete"` // the day is over, so Total is final
	AsOf      time.Time           `json:"as_of"`    // time of the mainframe for which Total holds
	Movements []StatementMovement `json:"movements"`
}

// StatementMovement is a movement that the mainframe has made.
type StatementMovement struct {
	MovementID string         `json:"movement_id"`
	Reference  string         `json:"reference"`
	MovedAt    time.Time      `json:"moved_at"`
	ValueDate  string         `json:"value_date"`
	Client     string         `json:"client"`
	Lines      []MovementLine `json:"lines"`
}

// ErrIncomplete means that a movement lacks what the mainframe must know.
var ErrIncomplete = errors.New("an incomplete movement")

// ReadMovement decodes a request to move money. An error means that it can never be sent. With ErrIncomplete it is known which
// attempt of which movement that is.
func ReadMovement(e event.Event) (MovementRequested, error) {
	r := MovementRequested{Attempt: 1}
	if e.Type != contract.MovementRequested {
		return r, fmt.Errorf("read %s %s: not a request for a movement", e.Type, e.ID)
	}
	if err := e.Read(&r); err != nil {
		return r, err
	}
	switch {
	case r.MovementID == "" || r.Attempt < 1:
		return r, fmt.Errorf("read %s %s: attempt %d of movement %q", e.Type, e.ID, r.Attempt, r.MovementID)
	case len(r.Lines) == 0:
		return r, fmt.Errorf("read %s %s: %w: no lines", e.Type, e.ID, ErrIncomplete)
	case r.NotAfter.IsZero():
		return r, fmt.Errorf("read %s %s: %w: no time after which the money must not move", e.Type, e.ID, ErrIncomplete)
	}
	return r, nil
}

// ReadStatement decodes a request for a statement. An error means that it can never be handled.
func ReadStatement(e event.Event) (StatementRequested, error) {
	var r StatementRequested
	if e.Type != contract.StatementRequested {
		return r, fmt.Errorf("read %s %s: not a request for a statement", e.Type, e.ID)
	}
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.First < 0 || r.Most < 0 {
		return r, fmt.Errorf("read %s %s: movements from %d, %d at most", e.Type, e.ID, r.First, r.Most)
	}
	if r.Most == 0 || r.Most > MaxStatement {
		r.Most = MaxStatement
	}
	return r, nil
}
