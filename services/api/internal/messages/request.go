package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// TradeRequested is the data of trade.requested.
type TradeRequested struct {
	Request TradeRequest  `json:"request"`
	Caller  access.Caller `json:"caller"` // who asks: auth decides by it
}

// TradeRequest is the request section. It has the form in which the gateways publish a request.
type TradeRequest struct {
	blotter.Request

	Digest string   `json:"digest"` // SHA-256 of the business content, hex
	Echo   struct{} `json:"echo"`   // a gateway's; the API needs none
}

// NewTradeRequest completes a request of the API: its provider, its id and its digest.
func NewTradeRequest(r blotter.Request, at time.Time) TradeRequest {
	r.Provider, r.Kind, r.TransactedAt = contract.APIProvider, "request", at
	r.TradeID = contract.TradeID(contract.APIProvider, r.Reference, r.TradeDate)
	return TradeRequest{Request: r, Digest: digest(r)}
}

// digest covers what the request asks for, with the same parts as the gateways' digests.
func digest(r blotter.Request) string {
	parts := []string{r.Kind, r.Client, r.Account, r.Product, r.Pair, r.Currency, r.QuoteID}
	for _, l := range r.Legs {
		parts = append(parts, l.Side, l.Amount, l.Rate, l.Tenor, l.ValueDate)
	}
	if r.LineCheck != nil {
		parts = append(parts, "line check", r.LineCheck.CheckID, r.LineCheck.Rest)
	}
	return contract.Digest(parts...)
}

// Event returns the event that begins the trade's story. The same request always gives the same event id. deadline is when the
// core must have decided.
func (t TradeRequested) Event(deadline time.Time) (event.Event, error) {
	id := t.Request.TradeID
	e, err := event.New(contract.TradeRequested, event.NewID(event.DayOfID(id), "requested", id), contract.API, id, t)
	e.Time, e.Deadline = t.Request.TransactedAt, deadline
	return e, err
}
