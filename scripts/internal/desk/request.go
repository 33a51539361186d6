// Package desk is a provider's dealing desk, made up: it decides what the provider asks for next, at the prices of the
// demo's market. The same seed gives the same requests, but for prices and times.
package desk

import "time"

// Kind is what a request asks for.
type Kind int

// The kinds of a request.
const (
	Order   Kind = iota // a deal
	Report              // a deal done elsewhere
	Reserve             // a line, before dealing elsewhere
	Consume             // the deal was done on the line reserved
	Cancel              // it was not
)

// Leg is one exchange of a deal.
type Leg struct {
	Settlement string // SettlType (63): 0 is spot, W1, M3 … are periods from spot
	Rate       string // all-in; empty in a line check
}

// Request is one request in the field's terms, whatever the FIX version.
type Request struct {
	Kind      Kind
	Reference string
	Time      time.Time
	Client    string
	Pair      string
	Currency  string // the dealt one
	Buy       bool   // the dealt currency, in the near leg
	Amount    string // of the dealt currency
	Near      Leg
	Far       Leg    // of a swap
	Target    string // reference of the reservation to consume or cancel
	Flawed    bool   // must be rejected
}

// Swap tells whether the deal has a far leg.
func (r Request) Swap() bool { return r.Far.Settlement != "" }
