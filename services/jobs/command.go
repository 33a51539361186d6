package jobs

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// command is the step of job.commanded: it starts a run by hand, or stops the one that is under way.
type command struct{ Command }

func readCommand(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	var c Command
	if err := e.Read(&c); err != nil {
		return nil, err
	}
	_, known := s.set.job(c.Job)
	if c.Service == "" && !known || c.Service != "" && c.Service != s.set.service {
		return nothing{}, nil
	}
	c.Due = c.Due.UTC().Truncate(time.Microsecond) // as the database keeps it
	return command{c}, nil
}

// Want asks for the run that is under way, and for how often the due time was run.
func (c command) Want(s *Batch) {
	s.commands[c.Job] = true
	if !c.Due.IsZero() {
		s.reruns[key{job: c.Job, due: c.Due}] = true
	}
}

// Decide starts or stops, or refuses, above all what comes after its deadline. Two commands at once cannot both start: the index of open runs refuses the second one,
// which is then decided again.
func (c command) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	job, known := s.set.job(c.Job)
	running := s.underWay(c.Job)
	late, until := e.Expired(now), e.Deadline
	e.Deadline = time.Time{} // it is the command's: what the command leads to is done, however late
	switch {
	case late:
		return c.refuse(s, now, e, fmt.Sprintf("the command was good until %s, and it is %s: give it again",
			until.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	case !known:
		return c.refuse(s, now, e, fmt.Sprintf("%s has no job %q", s.set.service, c.Job))
	case c.By == "" || c.Reason == "":
		return c.refuse(s, now, e, "name who commands it and why: fields by and reason")
	case c.Action == Stop && running == nil:
		return c.refuse(s, now, e, "no run is under way")
	case c.Action == Stop:
		running.end(now, Failed, fmt.Sprintf("stopped by %s: %s", c.By, c.Reason))
		return s.finish(job, running, e)
	case c.Action != "" && c.Action != Start:
		return c.refuse(s, now, e, fmt.Sprintf("unknown action %q: use start or stop", c.Action))
	case c.Due.After(now):
		return c.refuse(s, now, e, fmt.Sprintf("the due time %s has not come: it is %s", c.Due.Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	case running != nil:
		return c.refuse(s, now, e, fmt.Sprintf("the run for %s is under way: %d parts are done", running.Due.Format(time.RFC3339), running.Part))
	}
	return contract.One(caused(e, c.start(s, now).Run))
}

// start makes the run. A due time that was run before gets its next attempt.
func (c command) start(s *Batch, now time.Time) *record {
	r := &record{Run: Run{Job: c.Job, Due: c.Due, By: c.By, Reason: c.Reason}, state: Due, made: true, changed: true}
	if r.Due.IsZero() {
		r.Due = now.UTC()
	}
	base := key{job: r.Job, due: r.Due}
	s.attempts[base]++
	r.Attempt = s.attempts[base]
	s.records[r.key()] = r
	return r
}

// refuse answers that nothing was done, and why.
func (c command) refuse(s *Batch, now time.Time, e event.Event, why string) ([]event.Event, error) {
	refused, err := e.Next(contract.JobFinished, Ended{
		Service: s.set.service, Job: c.Job, Due: c.Due, State: Refused, Error: why, By: c.By, Reason: c.Reason, FinishedAt: now,
	})
	refused.Origin = contract.Batch
	return contract.One(refused, err)
}
