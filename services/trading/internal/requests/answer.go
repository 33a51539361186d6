package requests

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
)

// self is how trading names itself where it says who rejected.
const self = "trading"

// next is the one event that e leads to: all that e told, and one more section.
func next(e event.Event, t event.Type, section string, value any) ([]event.Event, error) {
	data, err := messages.With(e.Data, section, value)
	if err != nil {
		return nil, err
	}
	emitted, err := e.Next(t, data)
	if err != nil {
		return nil, err
	}
	return []event.Event{emitted}, nil
}

func reject(e event.Event, r *rules.Rejection) ([]event.Event, error) {
	return next(e, messages.TradeRejected, "rejected", messages.Rejection{Code: string(r.Code), Text: r.Text, By: self})
}

func expired(e event.Event, now time.Time) *rules.Rejection {
	return rules.Late("the request's deadline", e.Deadline, now)
}
