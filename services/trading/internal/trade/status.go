package trade

import (
	"errors"
	"fmt"
)

// Status is how far the life of one version has come. A request that was refused is not a trade and has none: see the
// store's record of rejections.
type Status string

// The statuses.
const (
	Registered     Status = "registered"      // a fact; the line is consumed
	Booked         Status = "booked"          // in the mainframe as well
	BookingRefused Status = "booking_refused" // the mainframe would not: operations decide
	Executed       Status = "executed"        // settled on its value date
	Superseded     Status = "superseded"      // another version or other trades have taken its place
	Deleted        Status = "deleted"
)

// Statuses lists all of them.
func Statuses() []Status {
	return []Status{Registered, Booked, BookingRefused, Executed, Superseded, Deleted}
}

// Action is what happens to a registered version.
type Action string

// The actions.
const (
	Book      Action = "book"
	Refuse    Action = "refuse the booking of"
	Execute   Action = "execute"
	Supersede Action = "supersede" // join, split, extend, pre-settle, correct
	Delete    Action = "delete"
)

// Actions lists all of them.
func Actions() []Action { return []Action{Book, Refuse, Execute, Supersede, Delete} }

// ErrNotAllowed says that an action is not possible in the trade's status.
var ErrNotAllowed = errors.New("not allowed in this status")

// After returns the status that an action leads to. Booking and its refusal are facts told by another system, which may
// come late or twice, so every status takes them: a booking is final over a refusal, and neither wakes what has ended.
// Error: ErrNotAllowed for what is not in the table.
func (s Status) After(a Action) (Status, error) {
	next, ok := transitions()[s][a]
	if !ok {
		return s, fmt.Errorf("%s a trade that is %s: %w", a, s, ErrNotAllowed)
	}
	return next, nil
}

func transitions() map[Status]map[Action]Status {
	return map[Status]map[Action]Status{
		Registered:     {Book: Booked, Refuse: BookingRefused, Supersede: Superseded, Delete: Deleted},
		BookingRefused: {Book: Booked, Refuse: BookingRefused, Supersede: Superseded, Delete: Deleted},
		Booked:         {Book: Booked, Refuse: Booked, Execute: Executed, Supersede: Superseded, Delete: Deleted},
		Executed:       {Book: Executed, Refuse: Executed},
		Superseded:     {Book: Superseded, Refuse: Superseded},
		Deleted:        {Book: Deleted, Refuse: Deleted},
	}
}
