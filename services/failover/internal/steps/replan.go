package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
)

// requestLasts is how long a requested move is valid: a gateway that gets it later does not move the session.
const requestLasts = 5 * time.Second

// replan is the task of every event: it applies the event to the plan and requests the moves that are due then.
type replan struct {
	apply func(s *Batch, now time.Time)
}

// Want asks for nothing: a batch loads the whole plan.
func (replan) Want(*Batch) {}

// Decide emits a move.requested for each move that is due, and what was said about providers.
func (r replan) Decide(s *Batch, now time.Time, e event.Event) (emitted []event.Event, err error) {
	r.apply(s, now)
	requested := s.plan.Next(now, s.rules, func(k plan.Key) string {
		return event.ChildID(e.ID, contract.MoveRequested.Name, k.Gateway, k.Provider)
	})
	for _, m := range requested {
		next, err := request(e, now, m)
		if err != nil {
			return nil, err
		}
		emitted = append(emitted, next)
	}
	for _, w := range s.plan.Words() {
		next, err := word(e, now, w)
		if err != nil {
			return nil, err
		}
		emitted = append(emitted, next)
	}
	return emitted, nil
}

// word makes the event that tells a gateway that a provider is barred, or admitted again. It has no deadline.
func word(cause event.Event, now time.Time, w plan.Word) (event.Event, error) {
	kind := contract.SessionAdmitted
	if w.Barred {
		kind = contract.SessionBarred
	}
	next, err := cause.Next(kind, messages.Word{Provider: w.Key.Provider, At: exact(now), By: w.By, Why: w.Why}, w.Key.Gateway, w.Key.Provider)
	next.Origin, next.Correlation = w.Key.Gateway, cause.Correlation
	return next, err
}

func request(cause event.Event, now time.Time, m *plan.Move) (event.Event, error) {
	next, err := cause.Next(contract.MoveRequested, messages.Move{
		Provider: m.Key.Provider, From: m.From, To: m.To, Epoch: m.Epoch, Reason: m.Reason,
	}, m.Key.Gateway, m.Key.Provider)
	next.ID, next.Origin, next.Correlation, next.Deadline = m.ID, m.Key.Gateway, m.ID, now.Add(requestLasts)
	return next, err
}

// exact cuts a time to microseconds, which is the precision of the store.
func exact(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
