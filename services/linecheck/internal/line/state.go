package line

import "fmt"

// State is where a reservation is in its life.
type State string

// The states. A reservation is resolved once; only a registered trade, being a fact, can still claim an ended one.
const (
	Reserved  State = "RESERVED"  // counts, until it expires
	Consumed  State = "CONSUMED"  // counts, as the exposure of a trade
	Released  State = "RELEASED"  // ended: the trade was rejected
	Expired   State = "EXPIRED"   // ended: nobody resolved it in time
	Cancelled State = "CANCELLED" // ended: whoever asked for it gave it back
	Withdrawn State = "WITHDRAWN" // ended: whoever asked for it stayed away
)

// Step is what can be done to a reservation.
type Step string

// The steps.
const (
	Consume  Step = "consume"  // the provider has dealt elsewhere on the strength of its check
	Release  Step = "release"  // the trade was rejected
	Expire   Step = "expire"   // the time is up
	Cancel   Step = "cancel"   // the provider does not need it any more
	Withdraw Step = "withdraw" // the provider has stayed away
	Register Step = "register" // the trade is registered: always allowed, over the line if it must be
)

// transitions is the whole life cycle: what is not here is not allowed. A consumed reservation's end (delivery, deletion)
// is a step of the trade's later life and will find its row here.
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

// EndedError says that a reservation is not open any more, so that a step can not be taken.
type EndedError struct {
	State State
	Step  Step
}

// Error implements error.
func (e *EndedError) Error() string {
	return fmt.Sprintf("can not %s a reservation that is %s", e.Step, e.State)
}

// After returns the state that follows s by the step, or an [*EndedError].
func (s State) After(step Step) (State, error) {
	if next, ok := transitions[s][step]; ok {
		return next, nil
	}
	return s, &EndedError{State: s, Step: step}
}

// Holds tells whether a reservation in this state uses its lines.
func (s State) Holds() bool { return s == Reserved || s == Consumed }
