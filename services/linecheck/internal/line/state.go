package line

import "fmt"

// State is the state of a reservation.
type State string

// The states. A reservation is resolved once. Exception: a registered trade is a fact and consumes even an ended one.
const (
	Reserved  State = "RESERVED"  // open: uses the line until it is resolved
	Consumed  State = "CONSUMED"  // uses the line as the exposure of a trade
	Released  State = "RELEASED"  // ended: the trade was rejected
	Expired   State = "EXPIRED"   // ended: nobody resolved it in time
	Cancelled State = "CANCELLED" // ended: the provider cancelled it
	Withdrawn State = "WITHDRAWN" // ended: the provider did not come back in time
)

// Step is an action on a reservation.
type Step string

// The steps.
const (
	Consume  Step = "consume"  // the provider has dealt elsewhere, relying on its check
	Release  Step = "release"  // the trade was rejected
	Expire   Step = "expire"   // the reservation has reached its expiry
	Cancel   Step = "cancel"   // the provider does not need the reservation any more
	Withdraw Step = "withdraw" // the provider did not come back in time
	Register Step = "register" // the trade is registered: always allowed, even above the line
)

// transitions is the whole life cycle: a step that is not listed is not allowed. The end of a consumed reservation
// (delivery or deletion of the trade) will be a new step here.
var transitions = map[State]map[Step]State{
	Reserved: {
		Consume:  Consumed,
		Release:  Released,
		Expire:   Expired,
		Cancel:   Cancelled,
		Withdraw: Withdrawn,
		Register: Consumed,
	},
	Consumed:  {Register: Consumed},
	Released:  {Register: Consumed},
	Expired:   {Register: Consumed},
	Cancelled: {Register: Consumed},
	Withdrawn: {Register: Consumed},
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

// After returns the state that follows s after the step, or an [*EndedError].
func (s State) After(step Step) (State, error) {
	if next, ok := transitions[s][step]; ok {
		return next, nil
	}
	return s, &EndedError{State: s, Step: step}
}

// Holds reports whether a reservation in this state uses its lines.
func (s State) Holds() bool { return s == Reserved || s == Consumed }
