package steps

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// readCheck is the step of linecheck.authorized: a provider reserves a line before it deals, or consumes or cancels a
// reservation.
func readCheck(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	c, err := messages.ReadCheck(e)
	if err != nil {
		return nil, err
	}
	r := c.Request
	switch r.Action {
	case messages.Reserve:
		path, err := s.path(r.Client, c.Caller.Dealer(), c.Authorized)
		if err != nil {
			return nil, err
		}
		if c.Authorized.DateDecides {
			r.Product = ""
		}
		p := s.proposeCheck(r, e.Time, path)
		p.caller = c.Caller
		return p, nil
	case messages.Consume:
		return resolveCheck{r, e.Time, line.Consume, messages.Consumed, c.Caller}, nil
	case messages.Cancel:
		return resolveCheck{r, e.Time, line.Cancel, messages.Cancelled, c.Caller}, nil
	case messages.Reverse:
		return resolveCheck{r, e.Time, line.Reverse, messages.Reversed, c.Caller}, nil
	}
	return nil, fmt.Errorf("action %q is not one of reserve, consume, cancel, reverse", r.Action)
}

// reserveCheck is a line check that reserves.
type reserveCheck struct {
	proposal
	amount   decimal.Decimal
	currency string // of the amount
}

// Decide reserves the exposure and emits linecheck.completed, or emits linecheck.rejected.
func (c reserveCheck) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	r, refused, err := s.reserve(c.proposal, now, e)
	switch {
	case err != nil:
		return nil, err
	case refused != nil:
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
	}
	return contract.Next(e, contract.LineCheckCompleted, "result", messages.Result{
		CheckID: c.id, Decision: messages.Approved, ApprovedAmount: &c.amount, Currency: c.currency,
		ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(), Exposure: r.Exposure,
		Nodes: r.Record.Nodes, Basis: r.Record.Basis,
	})
}
