package messages

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/movement"
)

// MovementRequested is the data of movement.requested: all lines are to be moved at once, or none.
type MovementRequested struct {
	MovementID string    `json:"movement_id"`
	Attempt    int       `json:"attempt"` // from 1; the mainframe's answer repeats it
	ValueDate  string    `json:"value_date"`
	Client     string    `json:"client"`
	Lines      []Line    `json:"lines"`
	NotAfter   time.Time `json:"not_after"` // the cut-off: nothing must move later
}

// Line is an amount that moves from one account of the mainframe to another.
type Line struct {
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// LinesOf returns lines as they are published.
func LinesOf(lines []movement.Line) []Line {
	texts := make([]Line, len(lines))
	for i, l := range lines {
		texts[i] = Line{Currency: l.Currency, Amount: l.Amount.String(), From: l.From, To: l.To}
	}
	return texts
}

// MovementMade holds the fields of movement.made that settlement reads.
type MovementMade struct {
	MovementID string    `json:"movement_id"`
	Reference  string    `json:"reference"`
	MovedAt    time.Time `json:"moved_at"`
}

// MovementRefused holds the fields of movement.refused that settlement reads.
type MovementRefused struct {
	MovementID string `json:"movement_id"`
	Attempt    int    `json:"attempt"`
	Code       string `json:"code"`
	Text       string `json:"text"`
}

// ReadMade decodes e. An error means that e can never be handled.
func ReadMade(e event.Event) (MovementMade, error) {
	var view MovementMade
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Reference == "" || view.MovedAt.IsZero() {
		return view, errors.New("no reference or time of a movement")
	}
	return view, contract.CheckIsID("movement id", view.MovementID)
}

// ReadMovementRefused decodes e. An error means that e can never be handled.
func ReadMovementRefused(e event.Event) (MovementRefused, error) {
	view := MovementRefused{Attempt: 1}
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Code == "" {
		return view, errors.New("no code of a refusal")
	}
	return view, contract.CheckIsID("movement id", view.MovementID)
}

// The actions of settlement.commanded.
const (
	Retry        = "retry"
	SettleByHand = "settle_by_hand"
	Found        = "found" // the mainframe's book has the movement, with other content
)

// Commanded is the data of settlement.commanded, which a person publishes.
type Commanded struct {
	MovementID string `json:"movement_id"`
	Action     string `json:"action"`
	By         string `json:"by"`
	Reason     string `json:"reason"`
	Reference  string `json:"reference"` // of the payment by hand; the mainframe's, of what was found
}

// Check returns an error that says what a command lacks.
func (c Commanded) Check() error {
	switch {
	case c.By == "" || c.Reason == "":
		return errors.New("a command names who gives it and why")
	case c.Action != Retry && c.Action != SettleByHand && c.Action != Found:
		return fmt.Errorf("unknown action %q", c.Action)
	case c.Action != Retry && c.Reference == "":
		return errors.New("a movement that was settled by hand, or found, has the reference of the payment")
	}
	return contract.CheckIsID("movement id", c.MovementID)
}

// Declined is the data of settlement.declined: the command, and why it was not done. The command is the message that caused it.
type Declined struct {
	Commanded

	Text       string    `json:"text"`
	DeclinedAt time.Time `json:"declined_at"`
}

// ReadCommanded decodes e. An error means that e can never be handled.
func ReadCommanded(e event.Event) (Commanded, error) {
	var view Commanded
	if err := e.Read(&view); err != nil {
		return view, err
	}
	return view, view.Check()
}
