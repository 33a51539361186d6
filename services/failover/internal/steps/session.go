package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
)

// readTaken is the step of session.taken: an instance has begun to serve a session.
func readTaken(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	one, err := messages.ReadSession(e)
	return replan{func(s *Batch, _ time.Time) {
		s.plan.Taken(keyOf(e, one), one.Instance, one.Epoch, exact(one.At))
	}}, err
}

// readLeft is the step of session.left: an instance has stopped serving a session.
func readLeft(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	one, err := messages.ReadSession(e)
	return replan{func(s *Batch, _ time.Time) {
		s.plan.Left(keyOf(e, one), one.Instance, one.Epoch, exact(one.At), one.Cause)
	}}, err
}

func keyOf(e event.Event, one messages.Session) plan.Key {
	return plan.Key{Gateway: e.Origin, Provider: one.Provider}
}
