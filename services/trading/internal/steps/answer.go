package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
)

// self is the name of this service in rejections.
const self = "trading"

func reject(e event.Event, r *rules.Rejection) ([]event.Event, error) {
	return contract.Next(e, contract.TradeRejected, "rejected", messages.Rejection{Code: r.Code, Text: r.Text, By: self})
}

func expired(e event.Event, now time.Time) *rules.Rejection {
	return rules.Late("the request's deadline", e.Deadline, now)
}
