package blotter

import "time"

// Declined is a command about a movement that settlement has declined.
type Declined struct {
	CommandID  string    `json:"command_id" format:"uuid"`
	MovementID string    `json:"-"`
	Action     string    `json:"action"`
	By         string    `json:"by"`
	Reason     string    `json:"reason"`
	Text       string    `json:"text" doc:"Why nothing was done"`
	At         time.Time `json:"at"`
}

// Asked is a command about a movement, of which the outcome is not known yet.
type Asked struct {
	CommandID  string    `json:"command_id" format:"uuid"`
	MovementID string    `json:"-"`
	Action     string    `json:"action"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}
