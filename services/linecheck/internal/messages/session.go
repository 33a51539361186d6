package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
)

// SessionEnded is what linecheck reads of session.ended: a provider has stayed away for longer than was agreed, and what it
// reserved by then and did not use is withdrawn.
type SessionEnded struct {
	Provider string    `json:"provider"`
	Until    time.Time `json:"until"` // reservations made later are another session's
	Part     int       `json:"part"`  // of a provider with so many that it takes several messages, each of which leads to the next
}

// ReadSessionEnded decodes what session.ended and reservations.left say. An error means that e can never be handled.
func ReadSessionEnded(e event.Event) (SessionEnded, error) {
	var s SessionEnded
	if err := e.Read(&s); err != nil {
		return s, err
	}
	if s.Provider == "" || s.Until.IsZero() {
		return s, fmt.Errorf("provider %q until %s: both are needed", s.Provider, s.Until.Format(time.RFC3339))
	}
	return s, nil
}
