package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// ReadCheck decodes linecheck.completed and linecheck.rejected.
func ReadCheck(e event.Event) (blotter.Check, error) {
	c, err := read[blotter.Check](e)
	c.ID = c.Request.CheckID
	if err == nil {
		err = contract.CheckIsID("check id", c.ID)
	}
	if err == nil && c.State() == blotter.CheckPending {
		err = fmt.Errorf("check %s has neither a result nor a refusal", c.ID)
	}
	return c, err
}

// CheckRequested is the data of linecheck.requested.
type CheckRequested struct {
	Request CheckRequest  `json:"request"`
	Caller  access.Caller `json:"caller"`
}

// CheckRequest is the request section. It has the form in which the gateways publish a request.
type CheckRequest struct {
	blotter.CheckRequest

	Digest string   `json:"digest"`
	Echo   struct{} `json:"echo"`
}

// NewCheckRequest completes a request of the API: its provider, its id and its digest. The digest covers all that a caller asks for. So
// it has the wanted end of a reservation, which those of the gateways leave out: another end under the same key is another request.
func NewCheckRequest(r blotter.CheckRequest, at time.Time) CheckRequest {
	r.Provider, r.TransactedAt = contract.APIProvider, at
	r.CheckID = contract.CheckID(contract.APIProvider, r.Reference, r.TradeDate)
	parts := []string{r.Action, r.Target, r.Client, r.Product, r.Pair, r.Currency, r.Side, r.Amount, r.Tenor, r.ValueDate}
	if r.ForTrade != "" {
		parts = append(parts, "for trade", r.ForTrade)
	}
	if r.ExpiresAt != nil {
		parts = append(parts, "expires at", r.ExpiresAt.UTC().Format(time.RFC3339Nano))
	}
	return CheckRequest{CheckRequest: r, Digest: contract.Digest(parts...)}
}

// Event returns the event that begins the check's story. The same request always gives the same event id.
func (c CheckRequested) Event(deadline time.Time) (event.Event, error) {
	id := c.Request.CheckID
	e, err := event.New(contract.LineCheckRequested, event.NewID(event.DayOfID(id), "requested", id), contract.API, id, c)
	e.Time, e.Deadline = c.Request.TransactedAt, deadline
	return e, err
}
