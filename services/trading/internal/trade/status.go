package trade

import (
	"errors"
	"fmt"
)

// Status is the state of one version of a trade. A refused request is not a trade and has no status; the store records
// it as a rejection.
type Status string

// The statuses.
const (
	Registered     Status = "registered"      // the trade is a fact; its line is consumed
	Booked         Status = "booked"          // booked in the mainframe
	BookingRefused Status = "booking_refused" // the mainframe refused to book it: operations must decide
	Executed       Status = "executed"        // settled on its value date
	Superseded     Status = "superseded"      // replaced by another version or by other trades
	Deleted        Status = "deleted"
)

// Statuses returns all statuses.
func Statuses() []Status {
	return []Status{Registered, Booked, BookingRefused, Executed, Superseded, Deleted}
}

// Action is an event in the life of a registered version.
type Action string

// The actions.
const (
	Book      Action = "book"
	Refuse    Action = "refuse the booking of"
	Execute   Action = "execute"
	Supersede Action = "supersede" // join, split, extend, pre-settle, correct
	Delete    Action = "delete"
)

// Actions returns all actions.
func Actions() []Action { return []Action{Book, Refuse, Execute, Supersede, Delete} }

// ErrNotAllowed means that the trade's status does not allow the action.
var ErrNotAllowed = errors.New("not allowed in this status")

// After returns the status that follows s after the action. Book and Refuse are facts from another system and may come
// late or twice, so every status accepts them. A booking overrides a refusal, and neither changes the status of a trade
// that has ended. A trade may be executed before it is known to be booked: the money has moved. Error: ErrNotAllowed for an action that is not in the table.
func (s Status) After(a Action) (Status, error) {
	next, ok := transitions()[s][a]
	if !ok {
		return s, fmt.Errorf("%s a trade that is %s: %w", a, s, ErrNotAllowed)
	}
	return next, nil
}

func transitions() map[Status]map[Action]Status {
	return map[Status]map[Action]Status{
		Registered:     {Book: Booked, Refuse: BookingRefused, Execute: Executed, Supersede: Superseded, Delete: Deleted},
		BookingRefused: {Book: Booked, Refuse: BookingRefused, Execute: Executed, Supersede: Superseded, Delete: Deleted},
		Booked:         {Book: Booked, Refuse: Booked, Execute: Executed, Supersede: Superseded, Delete: Deleted},
		Executed:       {Book: Executed, Refuse: Executed},
		Superseded:     {Book: Superseded, Refuse: Superseded},
		Deleted:        {Book: Deleted, Refuse: Deleted},
	}
}
