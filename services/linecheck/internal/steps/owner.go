package steps

import (
	"cmp"
	"fmt"

	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// ownedBy accepts the reservations of a provider. All callers of the API are one provider, so of these it accepts what uses the
// same lines: of the same client, group, desk and dealer.
func ownedBy(provider string, path line.Path) func(line.Reservation) bool {
	return func(r line.Reservation) bool {
		return r.Provider == provider && (provider != contract.APIProvider || r.Path == path)
	}
}

// unknownTo refuses a reservation that does not exist, or that is another's: it does not say which.
func unknownTo(provider string, n named, step line.Step) *messages.Rejected {
	return advise(reason.UnknownReservation, fmt.Sprintf("provider %s has no reservation %s to %s", provider, n, step), "check its name, or reserve first")
}

// named is how a request names a reservation or a trade.
type named struct {
	id        string
	reference string // the provider's own, of which a gateway made the id; empty if the request has the id itself
}

// String returns the name that the provider has sent.
func (n named) String() string { return fmt.Sprintf("%.64q", cmp.Or(n.reference, n.id)) }

func targetOf(r messages.CheckRequest) named { return named{r.Target, r.TargetReference} }

func forTradeOf(r messages.CheckRequest) named { return named{r.ForTrade, r.ForTradeReference} }

// outOfReach refuses a request that came by the API unless the caller's right reaches the client and the desk of the reservation
// itself. All callers share one provider, so the provider does not tell whose reservation it is; and auth decides by the client
// that the request names, which the caller chose. The refusal is that of a reservation that does not exist, so that it tells
// nothing about the reservations of others.
func (c resolveCheck) outOfReach(s *Batch) *messages.Rejected {
	r, known := s.book.Reservation(c.request.Target)
	if c.request.Provider != contract.APIProvider || !known || c.reaches(r.Path) {
		return nil
	}
	return unknownTo(c.request.Provider, targetOf(c.request), c.step)
}

// reaches reports whether the caller's right to the step reaches a client and its desk. A request without a caller reaches none.
func (c resolveCheck) reaches(p line.Path) bool {
	if c.caller == nil {
		return false
	}
	action := rights.ConsumeLine
	if c.step == line.Cancel {
		action = rights.CancelLine
	}
	return c.caller.Holder().Reaches(action, p.Client, p.Desk)
}
