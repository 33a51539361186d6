package blotter

import "time"

// Original is a provider's own message, as it was received, with its secrets masked.
type Original struct {
	MessageID  string    `json:"message_id" doc:"Of the event that the gateway made of it"`
	Protocol   string    `json:"protocol" doc:"FIX.4.4, FIXT.1.1, socket"`
	Session    string    `json:"session" doc:"Whose numbers sequence counts"`
	Sequence   int64     `json:"sequence"`
	ReceivedAt time.Time `json:"received_at"`
	Bytes      []byte    `json:"bytes" doc:"Base64"`
	Size       int64     `json:"size,omitempty" doc:"Of a refused message: how long it was. bytes has at most the first 8192 of it"`

	Subject string `json:"-"` // the trade or the line check
}
