package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
)

// readReport is the step of instance.reported. An instance was alive at the time that its report states. So a report that
// waited in the queue, or comes again, does not bring an instance back to life.
func readReport(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	r, err := messages.ReadReport(e)
	if err != nil {
		return nil, err
	}
	i := reported(e, r)
	return replan{func(s *Batch, now time.Time) {
		report := i
		if report.ReportedAt.After(now) {
			report.ReportedAt = now
		}
		s.plan.Report(report, s.rules)
	}}, nil
}

func reported(e event.Event, r messages.Report) plan.Instance {
	i := plan.Instance{
		Name: r.Instance, Gateway: e.Origin, Started: exact(r.Started), Sequence: r.Sequence, Ready: r.Ready, Reason: r.Reason,
		ReportedAt: exact(e.Time), Late: time.Duration(r.LateMS) * time.Millisecond, Lease: time.Duration(r.LeaseMS) * time.Millisecond,
	}
	for _, one := range r.Sessions {
		i.Sessions = append(i.Sessions, plan.Session{
			Provider: one.Provider, Held: one.Held, Epoch: one.Epoch, LoggedOn: one.LoggedOn, Since: exact(one.Since),
		})
	}
	return i
}
