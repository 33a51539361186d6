// Package obligation holds what the bank and a client owe each other: one obligation for each leg of a trade, from its
// registration until it is settled. The package is pure.
package obligation

import (
	"errors"
	"fmt"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
)

// Ref names a leg of a version of a trade. Leg is 1 for the near leg, 2 for the far one.
type Ref struct {
	TradeID string
	Version int
	Leg     int
}

// Less orders refs, for locks and for results that do not depend on the order of arrival.
func (r Ref) Less(other Ref) bool {
	switch {
	case r.TradeID != other.TradeID:
		return r.TradeID < other.TradeID
	case r.Version != other.Version:
		return r.Version < other.Version
	}
	return r.Leg < other.Leg
}

// Terms are what was agreed about a leg. They never change.
type Terms struct {
	Origin      string // of the trade's messages: the provider in lower case, or api
	Client      string
	Account     string // the client's, if the trade names one
	Desk        string
	Product     string
	ValueDate   fxdate.Date
	Base        ledger.Flow // what the client gets of the base currency; below zero what the client pays
	Quote       ledger.Flow // the opposite sign
	Window      Window
	DealtAtOnce bool // whether the books moved when the trade was done, as those of a spot do
}

// Window is the time in which the leg's payments can be made.
type Window struct {
	From     time.Time // when the value date begins in the currency whose cut-off comes first
	NotAfter time.Time // that cut-off
}

// State is where an obligation is.
type State string

// The states.
const (
	Open       State = "open"       // its window has not begun, or no run has taken it yet
	Instructed State = "instructed" // a movement with its payments is at the mainframe
	Settled    State = "settled"
	Failed     State = "failed"    // refused or unanswered; a person acts, or the mainframe answers late
	Withdrawn  State = "withdrawn" // a later version of the trade has replaced it, and nothing of it has moved
)

// Obligation is a leg, and where it is.
type Obligation struct {
	Ref
	Terms
	State    State
	Movement string // id of the movement that settles it; empty while it is open
	Held     string // why a run has left it open although it was due; empty if none has

	Windowless     bool   // its window is not known yet: a calendar is missing
	Unbooked       bool   // the mainframe has not said yet whether it books the trade; only told of due legs
	BookingRefused string // the mainframe's code, if it has refused to book the trade
	Superseded     bool   // a later version of the trade has replaced it; what is at the mainframe waits for its answer
	Former         State  // of the same leg of an earlier version that is not withdrawn; empty if there is none
}

// ErrInvalid means that a leg contradicts itself.
var ErrInvalid = errors.New("invalid leg of a trade")

// Check returns ErrInvalid if the leg does not exchange two currencies against each other.
func (o Obligation) Check() error {
	base, quote := o.Base, o.Quote
	switch {
	case o.Client == "" || o.ValueDate.IsZero():
		return fmt.Errorf("%w: client %q, value date %s", ErrInvalid, o.Client, o.ValueDate)
	case len(base.Currency) != 3 || len(quote.Currency) != 3 || base.Currency == quote.Currency:
		return fmt.Errorf("%w: %q against %q", ErrInvalid, base.Currency, quote.Currency)
	case base.Amount.Sign()*quote.Amount.Sign() != -1:
		return fmt.Errorf("%w: %s %s against %s %s", ErrInvalid, base.Amount, base.Currency, quote.Amount, quote.Currency)
	}
	return nil
}

// Deal makes the entries of the deal: the desk owes the client the one amount and the client owes the desk the other.
func (o Obligation) Deal(posting string) []ledger.Transfer {
	return ledger.Posting(posting, ledger.Deal, o.ValueDate, ledger.Desk(o.Desk), ledger.Client(o.Client), o.Base, o.Quote)
}
