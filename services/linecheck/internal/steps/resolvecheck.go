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

// resolveCheck is a line check that consumes or cancels one of the provider's reservations.
type resolveCheck struct {
	request  messages.CheckRequest
	step     line.Step
	decision messages.Decision
}

// Want asks for the reservation. It skips a target that is not an id, because Postgres would refuse the batch.
func (c resolveCheck) Want(s *Batch) {
	if contract.IsID(c.request.Target) {
		s.wanted.Known = append(s.wanted.Known, c.request.Target)
	}
}

// Decide consumes or cancels the reservation and emits linecheck.completed, or emits linecheck.rejected with the
// reason.
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

// open returns the open reservation, or a refusal. It expires a lapsed reservation itself, so that a provider gains
// nothing if the expiry job is late. A reservation of another provider, or of a trade, is treated as unknown.
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
