package trade

import (
	"errors"
	"fmt"
	"time"
)

// Life holds the facts about a trade that arrive after its registration. Facts may come in any order, late and more
// than once. The same facts give the same life in every order.
type Life struct {
	Status     Status
	Assignment Assignment // zero until known
	Booking    Booking    // zero until known
	Refusal    Refusal    // the latest refusal; zero once the trade is booked
	Legs       int        // how many the trade has; it never changes
	Settled    Settled
	ExecutedAt time.Time // when the last one of them was settled
}

// Settled are the legs that are settled, one bit each: 1 the near one, 2 the far one.
type Settled int

// settledLeg returns the set of one leg, which is numbered from 1.
func settledLeg(leg int) Settled { return 1 << (leg - 1) }

// HasSettled reports whether a leg, numbered from 1, is settled.
func (l Life) HasSettled(leg int) bool { return l.Settled&settledLeg(leg) != 0 }

// Assignment names the responsible desk and trader, and the time from which they are responsible.
type Assignment struct {
	Desk, Trader string
	At           time.Time
}

// Booking is the mainframe's confirmation that it has booked the trade.
type Booking struct {
	Reference string
	At        time.Time
}

// Refusal is the mainframe's answer that it does not book the trade.
type Refusal struct {
	Code, Text string
	At         time.Time
}

// ErrBookedTwice means that the mainframe has booked one trade under two references. Money would move twice.
var ErrBookedTwice = errors.New("booked under two references")

// Assign records an assignment, and reports whether the life changed. Of several assignments the latest counts.
func (l *Life) Assign(a Assignment) (changed bool) {
	if !a.At.After(l.Assignment.At) {
		return false
	}
	l.Assignment = a
	return true
}

// Book records the booking, and reports whether the life changed. Errors: ErrBookedTwice, ErrNotAllowed; the life is
// then unchanged.
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

// Refuse records that the mainframe refused to book the trade, and reports whether the life changed. It ignores a
// refusal of a trade that is booked. Of several refusals the latest counts. Error: ErrNotAllowed.
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

// Settle records that a leg, numbered from 1, is settled. It reports whether the life changed, and whether the trade is executed
// now: all its legs are settled. Error: ErrNotAllowed for a trade that is superseded or deleted, whose money should not have
// moved; the life is then unchanged.
func (l *Life) Settle(leg int, at time.Time) (changed, executed bool, err error) {
	if leg < 1 || leg > l.Legs {
		return false, false, fmt.Errorf("leg %d of a trade with %d: %w", leg, l.Legs, ErrNotAllowed)
	}
	if l.Settled&settledLeg(leg) != 0 {
		return false, false, nil
	}
	next, err := l.Status.After(Execute)
	if err != nil {
		return false, false, err
	}
	l.Settled |= settledLeg(leg)
	l.ExecutedAt = later(l.ExecutedAt, at)
	if l.Settled != 1<<l.Legs-1 {
		return true, false, nil
	}
	l.Status = next
	return true, true, nil
}

// End records that other versions have taken the trade's place, or that it is deleted. Error: ErrNotAllowed; the life is then unchanged.
func (l *Life) End(by Action) error {
	next, err := l.Status.After(by)
	if err == nil {
		l.Status = next
	}
	return err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
