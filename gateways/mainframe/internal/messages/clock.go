package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// ReadClockCommanded decodes to which time the bank's clock is to be moved. An error means that it can never be handled.
func ReadClockCommanded(e event.Event) (to time.Time, err error) {
	var c struct {
		To time.Time `json:"to"`
	}
	if e.Type != contract.ClockCommanded {
		return to, fmt.Errorf("read %s %s: not a command to the clock", e.Type, e.ID)
	}
	if err := e.Read(&c); err != nil {
		return to, err
	}
	if c.To.IsZero() {
		return to, fmt.Errorf("read %s %s: no time", e.Type, e.ID)
	}
	return c.To, nil
}
