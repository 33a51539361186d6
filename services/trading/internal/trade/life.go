package trade

import (
	"errors"
	"fmt"
	"time"
)

// Life is what is learned of a trade after its registration. Facts come in any order, late and more than once; whatever
// the order, the same facts make the same life.
type Life struct {
	Status     Status
	Assignment Assignment // zero until known
	Booking    Booking    // zero until known
	Refusal    Refusal    // the latest, until the booking succeeds
}

// Assignment says who is responsible, since when.
type Assignment struct {
	Desk, Trader string
	At           time.Time
}

// Booking is the mainframe's word that it holds the trade.
type Booking struct {
	Reference string
	At        time.Time
}

// Refusal is the mainframe's word that it does not.
type Refusal struct {
	Code, Text string
	At         time.Time
}

// ErrBookedTwice says that the mainframe has booked one trade under two references: money would move twice.
var ErrBookedTwice = errors.New("booked under two references")

// Assign notes who is responsible; of several assignments the latest counts. It tells whether anything changed.
func (l *Life) Assign(a Assignment) (changed bool) {
	if !a.At.After(l.Assignment.At) {
		return false
	}
	l.Assignment = a
	return true
}

// Book notes the booking and tells whether anything changed. Errors: ErrBookedTwice, ErrNotAllowed; the life is then as
// before.
func (l *Life) Book(b Booking) (changed bool, err error) {
	if known := l.Booking.Reference; known != "" {
		if known != b.Reference {
			return false, fmt.Errorf("%w: %s and %s", ErrBookedTwice, known, b.Reference)
		}
		return false, nil
	}
	next, err := l.Status.After(Book)
	if err != nil {
		return false, err
	}
	l.Status, l.Booking, l.Refusal = next, b, Refusal{}
	return true, nil
}

// Refuse notes that the mainframe would not book, unless it has; of several refusals the latest counts. It tells whether
// anything changed. Error: ErrNotAllowed.
func (l *Life) Refuse(r Refusal) (changed bool, err error) {
	if l.Booking.Reference != "" || !r.At.After(l.Refusal.At) {
		return false, nil
	}
	next, err := l.Status.After(Refuse)
	if err != nil {
		return false, err
	}
	l.Status, l.Refusal = next, r
	return true, nil
}
