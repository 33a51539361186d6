package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/access"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// Provider is the provider of all requests that come in by the API, and Origin the last word of their routing keys.
const (
	Provider = "API"
	Origin   = "api"
)

// TradeRequested is the data of trade.requested.
type TradeRequested struct {
	Request TradeRequest `json:"request"`
	Caller  Caller       `json:"caller"` // who asks: auth decides by it
}

// TradeRequest is the request section. It has the form in which the gateways publish a request.
type TradeRequest struct {
	blotter.Request

	Digest string   `json:"digest"` // SHA-256 of the business content, hex
	Echo   struct{} `json:"echo"`   // a gateway's; the API needs none
}

// Caller is the section about the person or the system that asks.
type Caller struct {
	User   string   `json:"user,omitempty"`
	Desk   string   `json:"desk,omitempty"`
	Roles  []string `json:"roles"`
	Client string   `json:"client,omitempty"` // of a system's credentials
}

// NewCaller returns the section about a caller.
func NewCaller(c access.Caller) Caller {
	return Caller{User: c.User, Desk: c.Desk, Roles: c.Roles, Client: c.System}
}

// Shown returns the part of the caller that a trade shows.
func (c Caller) Shown() *blotter.Caller {
	return &blotter.Caller{User: c.User, Desk: c.Desk, System: c.Client}
}

// NewTradeRequest completes a request of the API: its provider, its id and its digest.
func NewTradeRequest(r blotter.Request, at time.Time) TradeRequest {
	r.Provider, r.Kind, r.TransactedAt = Provider, "request", at
	r.TradeID = contract.TradeID(Provider, r.Reference, r.TradeDate)
	return TradeRequest{Request: r, Digest: digest(r)}
}

// digest covers what the request asks for, with the same parts as the gateways' digests.
func digest(r blotter.Request) string {
	parts := []string{r.Kind, r.Client, r.Account, r.Product, r.Pair, r.Currency, r.QuoteID}
	for _, l := range r.Legs {
		parts = append(parts, l.Side, l.Amount, l.Rate, l.Tenor, l.ValueDate)
	}
	return contract.Digest(parts...)
}

// Event returns the event that begins the trade's story. The same request always gives the same event id. deadline is when the
// core must have decided.
func (t TradeRequested) Event(deadline time.Time) (event.Event, error) {
	id := t.Request.TradeID
	e, err := event.New(contract.TradeRequested, event.NewID(event.DayOfID(id), "requested", id), Origin, id, t)
	e.Time, e.Deadline = t.Request.TransactedAt, deadline
	return e, err
}
