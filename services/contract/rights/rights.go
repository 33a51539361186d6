// Package rights says which role may do what, and to whose business the right reaches. auth decides requests by it, and the API
// decides what it shows.
package rights

import "slices"

// Role is what a person or system is in the bank, as the mainframe's set users has it.
type Role string

// The roles.
const (
	Trader     Role = "trader"
	Sales      Role = "sales"
	Operations Role = "operations"
	Compliance Role = "compliance"
	System     Role = "system" // a program of a client, or of the bank
)

// Reach says whose business a right is about.
type Reach int

// The reaches. A greater one contains the smaller ones.
const (
	Nothing   Reach = iota // the role has no right
	OwnClient              // the client of the credentials; * in the credentials is every client
	OwnDesk                // the clients of the user's desk
	All
)

// String returns the reach as documents show it.
func (r Reach) String() string {
	return [...]string{"-", "own client", "own desk", "all"}[r]
}

// Holder is who has rights: a user as static data or a token says.
type Holder struct {
	Roles  []string
	Desk   string
	Client string
}

// Reach returns the widest reach that a role of the holder gives for an action.
func (h Holder) Reach(a Action) Reach {
	widest := Nothing
	for _, role := range h.Roles {
		widest = max(widest, Of(Role(role), a))
	}
	return widest
}

// Actions returns all actions for which the holder has a right, in the order of the table.
func (h Holder) Actions() []Action {
	return slices.DeleteFunc(Actions(), func(a Action) bool { return h.Reach(a) == Nothing })
}

// Reaches reports whether the holder's right to an action reaches a client of a desk. A holder without a desk reaches no desk's
// clients, and one without a client no client.
func (h Holder) Reaches(a Action, client, desk string) bool {
	switch h.Reach(a) {
	case All:
		return true
	case OwnDesk:
		return h.Desk != "" && h.Desk == desk
	case OwnClient:
		return client != "" && (h.Client == client || h.Client == "*")
	default:
		return false
	}
}
