package steps

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// resolveCheck is a provider that has dealt on a reservation of its own, or does not need it any more.
type resolveCheck struct {
	request  messages.CheckRequest
	step     line.Step
	decision messages.Decision
}

// Want asks for the reservation. A target that is no id names none; the database would refuse it.
func (c resolveCheck) Want(s *Batch) {
	if contract.IsID(c.request.Target) {
		s.wanted.Known = append(s.wanted.Known, c.request.Target)
	}
}

// Decide consumes or cancels the reservation, or says why it cannot be.
func (c resolveCheck) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return contract.Next(e, contract.LineCheckRejected, "rejected", tooLate(e, now))
	}
	r, refused, err := c.open(s, now)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return contract.Next(e, contract.LineCheckRejected, "rejected", refused)
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

// open finds the reservation, still open, or says why it cannot be resolved. What has lapsed is expired at this moment,
// whether or not the expiry job has come to it: a provider must not win by the job's delay. Another provider's
// reservation, or a trade's, is as good as none.
func (c resolveCheck) open(s *Batch, now time.Time) (line.Reservation, *messages.Rejected, error) {
	r, ok := s.book.Reservation(c.request.Target)
	if !ok || r.Provider != c.request.Provider || r.Kind != line.ForCheck {
		return r, reject(reason.UnknownReservation, fmt.Sprintf(
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
	return contract.Next(e, contract.LineCheckCompleted, "result", messages.Result{
		CheckID: c.request.CheckID, Decision: c.decision, ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(),
		Exposure: r.Exposure, Nodes: nodes,
	})
}
