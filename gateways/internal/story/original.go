package story

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Original is what the provider sent, as it sent it, with its secrets masked. It travels beside a request for one hop: auth does not pass
// it on, so what follows is not larger.
type Original struct {
	Protocol string `json:"protocol"` // FIX.4.4, FIXT.1.1, socket
	Session  string `json:"session"`  // whose numbers Sequence counts
	Sequence int    `json:"sequence"` // the message's, in the session
	Bytes    []byte `json:"bytes"`
	Size     int    `json:"size,omitempty"` // of the whole message, if Bytes may be its beginning only
}

// Beside returns the request's event with the original beside the request.
func (o Original) Beside(e event.Event) (event.Event, error) {
	data, err := contract.WithSection(e.Data, "original", o)
	if err != nil {
		return e, fmt.Errorf("keep what the provider sent: %w", err)
	}
	e.Data = data
	return e, nil
}
