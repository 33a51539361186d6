// Package desk simulates a provider's dealing desk: it chooses the provider's next request, at the prices of the
// demo's market. The same seed gives the same requests, except for prices and times.
package desk

import "time"

// Kind is what a request asks for.
type Kind int

// The kinds of a request.
const (
	Order   Kind = iota // a deal to be done now
	Report              // a deal that was done elsewhere
	Reserve             // reserves on the client's line, before a deal elsewhere
	Consume             // the deal was done: consumes the reservation
	Cancel              // the deal was not done: cancels the reservation
	Reverse             // the deal was consumed in error: reverses the consumption
)

// Leg is one leg of a deal.
type Leg struct {
	Settlement string // SettlType (63): 0 is spot, W1, M3 … are periods from spot, B is the broken date Date
	Date       string // YYYY-MM-DD; empty but for B
	Rate       string // all-in; empty in a line check
}

// Request is one request, independent of the FIX version.
type Request struct {
	Kind      Kind
	Reference string
	Time      time.Time
	Client    string
	Pair      string
	Currency  string // the dealt currency
	Buy       bool   // whether the near leg buys the dealt currency
	Amount    string // of the dealt currency; empty for all that a request about a reservation applies to
	Quote     string // id of the bank's quote that an order is on; empty for none
	Near      Leg
	Far       Leg    // only in a swap
	Target    string // reference of the reservation to consume or cancel, or whose consumption to reverse
	Flawed    bool   // it has a mistake on purpose; the core must reject it
	Doubtful  bool   // the core may have to reject it, because of what else the desk has asked for

	ID        string    // of a reservation that was approved: the bank's id
	ExpiresAt time.Time // of a reservation: wanted end; zero: the bank's default
	Uses      string    // the line check that the deal uses: its reference, or its id
	UsesID    bool      // Uses is an id
	Free      bool      // the deal frees what it leaves of that check
	For       string    // of a consumption or its reversal: the deal for which it is: its reference, or its id
	ForID     bool      // For is an id
}

// Swap reports whether the deal is a swap.
func (r Request) Swap() bool { return r.Far.Settlement != "" }
