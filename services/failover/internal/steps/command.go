package steps

import (
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
)

// readCommand is the step of failover.commanded. The plan follows the command, or refuses it. The history says which, and
// on-call's command line reads it there.
func readCommand(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	c, err := messages.ReadCommand(e)
	return replan{func(s *Batch, now time.Time) {
		_ = s.plan.Obey(plan.Command{
			Late: e.Expired(now),
			ID:   e.ID, Name: c.Command, By: c.By, Why: c.Why,
			Provider: strings.TrimSpace(c.Provider), Instance: strings.TrimSpace(c.Instance),
		}, now, s.rules) // the error is a refusal, which the history holds
	}}, err
}
