package check

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// reserveCheck is a provider that asks for a line before it deals.
type reserveCheck struct {
	proposal
	amount   decimal.Decimal
	currency string // of the amount
}

func (c reserveCheck) decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	r, refused, err := s.reserve(c.proposal, now, e)
	switch {
	case err != nil:
		return nil, err
	case refused != nil:
		return answer(e, messages.LineCheckRejected, "rejected", refused)
	}
	return answer(e, messages.LineCheckCompleted, "result", messages.Result{
		CheckID: c.id, Decision: messages.Approved, ApprovedAmount: &c.amount, Currency: c.currency,
		ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(), Exposure: r.Exposure,
		Nodes: r.Record.Nodes, Basis: r.Record.Basis,
	})
}

// resolveCheck is a provider that has dealt on a reservation of its own, or does not need it any more.
type resolveCheck struct {
	request  messages.CheckRequest
	step     line.Step
	decision messages.Decision
}

func (c resolveCheck) wants(w *store.Wanted) {
	if store.IsID(c.request.Target) {
		w.Known = append(w.Known, c.request.Target)
	}
}

func (c resolveCheck) decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return answer(e, messages.LineCheckRejected, "rejected", tooLate(e, now))
	}
	r, refused, err := c.open(s, now)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return answer(e, messages.LineCheckRejected, "rejected", refused)
	}
	before, err := s.usages(r.Path)
	if err != nil {
		return nil, err
	}
	if r, err = s.book.Resolve(r.ID, c.step); err != nil {
		return nil, err
	}
	return c.completed(s, e, r, before)
}

// open finds the reservation, still open, or says why it can not be resolved. What has lapsed is expired at this moment,
// whether or not the expiry job has come to it: a provider must not win by the job's delay. Another provider's
// reservation, or a trade's, is as good as none.
func (c resolveCheck) open(s *Batch, now time.Time) (line.Reservation, *messages.Rejected, error) {
	r, ok := s.book.Reservation(c.request.Target)
	if !ok || r.Provider != c.request.Provider || r.Kind != line.ForCheck {
		return r, reject(messages.UnknownReservation, fmt.Sprintf(
			"provider %s has no reservation %q to %s: check the id, or reserve first", c.request.Provider, c.request.Target, c.step)), nil
	}
	if r.Due(now) {
		expired, err := s.book.Resolve(r.ID, line.Expire)
		if err != nil {
			return r, nil, err
		}
		r = expired
	}
	var over *line.EndedError
	if _, err := r.State.After(c.step); errors.As(err, &over) {
		return r, endedText(r.ID, r.State, r.ExpiresAt), nil
	}
	return r, nil, nil
}

func (c resolveCheck) completed(s *Batch, e event.Event, r line.Reservation, before []line.Usage) ([]event.Event, error) {
	after, err := s.usages(r.Path)
	if err != nil {
		return nil, err
	}
	nodes, err := s.moved(r.Path, before, after)
	if err != nil {
		return nil, err
	}
	return answer(e, messages.LineCheckCompleted, "result", messages.Result{
		CheckID: c.request.CheckID, Decision: c.decision, ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(),
		Exposure: r.Exposure, Nodes: nodes,
	})
}
