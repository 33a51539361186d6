package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// State is the state of a reservation.
type State string

// The states. Exception to all that follows: a registered trade is a fact and consumes even an ended reservation.
const (
	Reserved  State = "RESERVED"  // a part is open: it uses the line until it is resolved
	Consumed  State = "CONSUMED"  // nothing is open, a part is consumed: it uses the line as the exposure of a trade
	Used      State = "USED"      // ended: trades took all of it over
	Released  State = "RELEASED"  // ended: the trade was rejected
	Expired   State = "EXPIRED"   // ended: nobody resolved it in time
	Cancelled State = "CANCELLED" // ended: the provider cancelled it
	Withdrawn State = "WITHDRAWN" // ended: the provider did not come back in time
	Reversed  State = "REVERSED"  // ended: the provider reversed what it had consumed
	Settled   State = "SETTLED"   // ended: every leg of the trade is settled
	Deleted   State = "DELETED"   // ended: the trade should never have been booked

	Superseded State = "SUPERSEDED" // ended: other trades have taken the trade's place
)

// Step is an action on a reservation.
type Step string

// The steps.
const (
	Consume  Step = "consume"   // the provider has dealt elsewhere, relying on its check
	Reverse  Step = "reverse"   // the provider consumed a part in error: no such deal was done
	Use      Step = "use"       // a requested trade takes a part over, of what is open
	Report   Step = "report"    // a trade that was done elsewhere takes a part over: what the provider consumed for it first
	GiveBack Step = "give back" // a trade that took an open part over came to nothing: the part is open again
	Restore  Step = "restore"   // a trade that took a consumed part over came to nothing: the part is consumed again
	Release  Step = "release"   // the trade was rejected
	Expire   Step = "expire"    // the reservation has reached its expiry
	Cancel   Step = "cancel"    // the provider does not need the reservation any more
	Withdraw Step = "withdraw"  // the provider did not come back in time
	Register Step = "register"  // the trade is registered: always allowed, even above the line
	Settle   Step = "settle"    // the last leg of the trade is settled
	Delete   Step = "delete"    // the registered trade is deleted

	Supersede Step = "supersede" // other trades take the place of the registered trade
)

// transitions is the whole life cycle: the steps that a state allows, and the state that follows if they leave neither an
// open nor a consumed part.
var transitions = map[State]map[Step]State{
	Reserved: {
		Consume:  Consumed,
		Reverse:  Reversed,
		Use:      Used,
		Report:   Used,
		GiveBack: Reserved,
		Restore:  Reserved,
		Release:  Released,
		Expire:   Expired,
		Cancel:   Cancelled,
		Withdraw: Withdrawn,
		Register: Consumed,
	},
	Consumed:  {Register: Consumed, Reverse: Reversed, Report: Used, GiveBack: Reserved, Restore: Consumed, Settle: Settled, Delete: Deleted, Supersede: Superseded},
	Used:      {GiveBack: Reserved, Restore: Consumed},
	Reversed:  {GiveBack: Reserved, Restore: Consumed},
	Released:  {Register: Consumed},
	Expired:   {Register: Consumed, Restore: Consumed, Release: Released},
	Cancelled: {Register: Consumed, Restore: Consumed},
	Withdrawn: {Register: Consumed, Restore: Consumed},
	Settled:   {Register: Settled, Settle: Settled},
	Deleted:   {Register: Deleted, Delete: Deleted},

	Superseded: {Register: Superseded},
}

// EndedError means that a reservation is in a state that does not allow the step.
type EndedError struct {
	State State
	Step  Step
}

// Error implements error.
func (e *EndedError) Error() string {
	return fmt.Sprintf("cannot %s a reservation that is %s", e.Step, e.State)
}

// ShortError means that a step asks for more than the reservation has left for it.
type ShortError struct {
	Step        Step
	Asked, Left decimal.Decimal
	Currency    string
}

// Error implements error.
func (e *ShortError) Error() string {
	return fmt.Sprintf("cannot %s %s %s: %s is left", e.Step, readable(e.Asked), e.Currency, readable(e.Left))
}

// After returns the reservation after a step on a part of it; a part of zero means all that the step applies to. Errors:
// [*EndedError], [*ShortError].
func (r Reservation) After(step Step, part decimal.Decimal) (Reservation, error) {
	end, allowed := transitions[r.State][step]
	if !allowed || step == GiveBack && r.Closed {
		return r, &EndedError{State: r.State, Step: step}
	}
	next, err := r.with(step, part)
	if err != nil {
		return r, err
	}
	next.Closed = r.Closed || (step == Cancel || step == Withdraw) && next.Open.IsZero()
	if step == Reverse {
		next = next.trimmed()
	}
	return next.at(end), nil
}

// with returns the reservation with the parts that a step on a part leads to. Error: [*ShortError].
func (r Reservation) with(step Step, part decimal.Decimal) (Reservation, error) {
	switch step { //nolint:exhaustive // the others take a part of what the reservation holds
	case Register:
		if r.State != Settled && r.State != Deleted && r.State != Superseded {
			r.Open, r.Taken = decimal.Zero, r.Terms.Amount
		}
		return r, nil
	case Settle, Delete, Supersede:
		r.Open, r.Taken = decimal.Zero, decimal.Zero
		return r, nil
	case GiveBack:
		r.Open = r.Open.Add(part)
		return r, nil
	case Restore:
		r.Taken = r.Taken.Add(part)
		return r, nil
	}
	left := r.leftFor(step)
	if part.IsZero() {
		part = left
	}
	if part.GreaterThan(left) || part.IsZero() && !step.ends() {
		return r, &ShortError{Step: step, Asked: part, Left: left, Currency: r.Terms.Currency}
	}
	return r.less(step, part), nil
}

// ends reports whether the step ends all that is open, even if that is nothing.
func (s Step) ends() bool { return s == Release || s == Expire || s == Withdraw }

// leftFor returns the part that a step can apply to.
func (r Reservation) leftFor(step Step) decimal.Decimal {
	switch step {
	case Report:
		return r.Open.Add(r.Taken)
	case Reverse:
		return r.Taken
	default:
		return r.Open
	}
}

// less takes a part away.
func (r Reservation) less(step Step, part decimal.Decimal) Reservation {
	switch step {
	case Report:
		taken := decimal.Min(part, r.Taken)
		r.Taken, r.Open = r.Taken.Sub(taken), r.Open.Sub(part.Sub(taken))
	case Reverse:
		r.Taken = r.Taken.Sub(part)
	case Consume:
		r.Open, r.Taken = r.Open.Sub(part), r.Taken.Add(part)
	default:
		r.Open = r.Open.Sub(part)
	}
	return r
}

// at sets the state that the parts lead to; end if there is none.
func (r Reservation) at(end State) Reservation {
	switch {
	case r.Open.IsPositive():
		r.State = Reserved
	case r.Taken.IsPositive():
		r.State = Consumed
	default:
		r.State = end
	}
	return r
}

// Holds reports whether a reservation in this state uses its lines.
func (s State) Holds() bool { return s == Reserved || s == Consumed }

// Stands reports whether the deal of a reservation in this state was not called off before it was done: the reservation uses its lines, or its
// trade is settled or deleted.
func (s State) Stands() bool { return s.Holds() || s == Settled || s == Deleted || s == Superseded }
