package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// ActionsRequested holds the fields of actions.requested that trading reads: about which version of a trade somebody asks.
type ActionsRequested struct {
	Question TradeVersion `json:"question"`
}

// ReadActionsRequested decodes e. An error means that e can never be answered.
func ReadActionsRequested(e event.Event) (ActionsRequested, error) {
	var r ActionsRequested
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.Question.Version < 1 {
		return r, fmt.Errorf("version %d", r.Question.Version)
	}
	return r, contract.CheckIsID("trade id", r.Question.TradeID)
}

// ActionsListed is the data of actions.listed.
type ActionsListed struct {
	Answer PossibleActions `json:"answer"`
}

// PossibleActions are all actions that trading knows, and what each would do with a version of a trade.
type PossibleActions struct {
	TradeVersion
	AsOf    time.Time        `json:"as_of"`
	State   string           `json:"state"` // of the table of actions; empty if trading has no such version
	Actions []PossibleAction `json:"actions"`
}

// PossibleAction is what an action would do now. Code and Text say why it is refused; empty: it can be proposed.
type PossibleAction struct {
	Action     string `json:"action"`
	TwoPersons bool   `json:"two_persons"` // another person approves
	Code       string `json:"code,omitempty"`
	Text       string `json:"text,omitempty"`

	Ends            []TradeVersion `json:"ends,omitempty"`
	Begins          []TradeVersion `json:"begins,omitempty"`
	OppositeBooking bool           `json:"opposite_booking,omitempty"` // the mainframe books the opposite of what it has booked
}
