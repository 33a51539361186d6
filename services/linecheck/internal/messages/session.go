package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
)

// SessionEnded holds the fields of session.ended that linecheck reads. The message says that a provider did not come
// back within the agreed time. linecheck then withdraws the open reservations that the provider made no later than
// Until.
type SessionEnded struct {
	Provider string    `json:"provider"`
	Until    time.Time `json:"until"` // later reservations belong to another session
	Part     int       `json:"part"`  // number of this message, from 0; many reservations take several, and each one causes the next
}

// ReadSessionEnded decodes the data of session.ended or reservations.left. An error means that e can never be handled.
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
