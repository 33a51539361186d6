package messages

import "time"

// SessionEnded is what linecheck reads of session.ended: a provider has stayed away for longer than was agreed, and what it
// reserved by then and did not use is withdrawn.
type SessionEnded struct {
	Provider string    `json:"provider"`
	Until    time.Time `json:"until"` // reservations made later are another session's
	Part     int       `json:"part"`  // of a provider with so many that it takes several messages, each of which leads to the next
}
