package message

import (
	"fmt"
	"strings"
)

// Product is the product of a trade.
type Product uint8

// The products.
const (
	Spot Product = iota + 1
	Forward
	Swap
)

// Side says whether the client buys or sells the dealt currency.
type Side uint8

// The sides.
const (
	Buy Side = iota + 1
	Sell
)

// Action is what a line check asks the core to do.
type Action uint8

// The actions.
const (
	Reserve Action = iota + 1
	Consume
	Cancel
	Reverse // of a consumption; since 1.1
)

// Outcome is the decision about a report or a line check.
type Outcome uint8

// The outcomes. A report is approved or refused.
const (
	Approved Outcome = iota + 1
	Refused
	Consumed
	Cancelled
	Reversed // since 1.1
)

// Rest says what becomes of the part of a reservation that a trade does not use.
type Rest uint8

// The rests. Without one the part stays reserved.
const (
	Keep Rest = iota + 1
	Free
)

// Subject is what a status request asks about; 0 means only up to which number requests were received.
type Subject uint8

// The subjects.
const (
	Trade Subject = iota + 1
	Check
)

// State is the state of the request with a reference.
type State uint8

// The states.
const (
	Unknown State = iota + 1 // never received, or purged
	Undecided
	Decided
)

// Reason is why a message was refused before the core saw it.
type Reason uint8

// The reasons. A message that is refused for one of the first three counts as received. For the others it does not: the provider
// must send it again with the same number.
const (
	UnknownType Reason = iota + 1
	UnknownVersion
	Malformed
	OutOfSequence // its number is not the next one
	Busy          // no room at the moment
)

// Taken reports whether a message refused for this reason counts as received.
func (r Reason) Taken() bool { return r != OutOfSequence && r != Busy }

// The words for codes. They are the core's words where the core has one. The first word belongs to code 1.
var (
	products = words{"spot", "forward", "swap"}
	sides    = words{"buy", "sell"}
	actions  = words{"reserve", "consume", "cancel", "reverse"}
	outcomes = words{"approved", "refused", "consumed", "cancelled", "reversed"}
	rests    = words{"keep", "free"}
	subjects = words{"trade", "line check"}
	states   = words{"unknown", "undecided", "decided"}
	reasons  = words{"unknown type", "unknown version", "malformed", "out of sequence", "busy"}
)

func (p Product) String() string { return word(products, uint8(p)) }
func (s Side) String() string    { return word(sides, uint8(s)) }
func (a Action) String() string  { return word(actions, uint8(a)) }
func (o Outcome) String() string { return word(outcomes, uint8(o)) }
func (r Rest) String() string    { return word(rests, uint8(r)) }
func (s Subject) String() string { return word(subjects, uint8(s)) }
func (s State) String() string   { return word(states, uint8(s)) }
func (r Reason) String() string  { return word(reasons, uint8(r)) }

// word returns the word for a code; empty for 0 and for an unknown code.
func word(known words, code uint8) string {
	if code == 0 || int(code) > len(known) {
		return ""
	}
	return known[code-1]
}

// words are the words of the codes from 1 on.
type words []string

func (w words) String() string {
	form := make([]string, len(w))
	for i, word := range w {
		form[i] = fmt.Sprintf("%d %s", i+1, word)
	}
	return strings.Join(form, ", ")
}
