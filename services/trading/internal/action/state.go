package action

import "fxcore/services/trading/internal/trade"

// State is what the actions on a version of a trade depend on.
type State string

// The states.
const (
	Unconfirmed  State = "unconfirmed"   // the mainframe has not answered yet whether it books it
	Open         State = "open"          // booked; nothing is paid, and no payment has begun
	NotBooked    State = "not_booked"    // the mainframe has refused to book it
	UnderWay     State = "under_way"     // another action on it is being decided
	PaymentBegun State = "payment_begun" // the time of a payment has begun: the mainframe may be paying
	NearSettled  State = "near_settled"  // of a swap: only the far leg is left
	Executed     State = "executed"      // every leg is settled
	Superseded   State = "superseded"    // other versions have taken its place
	Deleted      State = "deleted"       //
)

// States returns all states, in the order of the table.
func States() []State {
	return []State{Unconfirmed, Open, NotBooked, UnderWay, PaymentBegun, NearSettled, Executed, Superseded, Deleted}
}

// Circumstances are what a life does not say.
type Circumstances struct {
	UnderWay     bool // another action on the version is being decided
	PaymentBegun bool // the window has begun in which a leg that is not settled can be paid
}

// StateOf returns the state of a version. What has ended stays ended, whatever else is true.
func StateOf(life trade.Life, c Circumstances) State {
	switch {
	case life.Status == trade.Executed:
		return Executed
	case life.Status == trade.Superseded:
		return Superseded
	case life.Status == trade.Deleted:
		return Deleted
	case c.UnderWay:
		return UnderWay
	case c.PaymentBegun:
		return PaymentBegun
	case life.Status == trade.BookingRefused:
		return NotBooked
	case life.Status == trade.Registered:
		return Unconfirmed
	case life.Settled != 0:
		return NearSettled
	default:
		return Open
	}
}
