package messages

import "time"

// ClockCommanded is the data of clock.commanded.
type ClockCommanded struct {
	To time.Time `json:"to"` // the bank's time
}
