package jobs

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// due is the step of job.due: it does one part of a run.
type due struct {
	run  Run
	job  Job
	part Part
}

func readDue(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	var run Run
	if err := e.Read(&run); err != nil {
		return nil, err
	}
	job, _ := s.set.job(run.Job) // it is one of the set's: see has
	return due{run: run, job: job, part: job.Begin(run)}, nil
}

// Want asks for the run's row and for what the part needs.
func (d due) Want(s *Batch) {
	s.wanted[d.run.key()] = true
	s.loading = append(s.loading, d.part)
}

// Decide does the part if it is the run's next one. A part that comes late, or whose run was stopped, does nothing.
func (d due) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	r, known := s.records[d.run.key()]
	if !known || !r.open() || r.Part != d.run.Part {
		return nil, nil
	}
	if now.Before(d.run.Due) {
		now = d.run.Due // a jump of the bank's clock reaches the replicas one after the other: who started the run has seen it
	}
	progress, emitted, err := d.part.Do(now, e)
	switch {
	case isLater(err):
		return nil, err
	case err != nil:
		r.end(now, Failed, err.Error())
		return s.finish(d.job, r, e)
	}
	r.follow(now, progress)
	s.storing = append(s.storing, d.part)
	next, err := s.next(d.job, r, e)
	return append(emitted, next...), err
}

// next returns the message of the next part, or that the run has ended. A part that has to wait has no message yet: the schedule
// asks for it.
func (s *Batch) next(j Job, r *record, e event.Event) ([]event.Event, error) {
	switch {
	case !r.open():
		return s.finish(j, r, e)
	case r.waits != "":
		return nil, nil
	}
	return contract.One(caused(e, r.Run))
}

// finish returns job.finished. Of a quiet job that is left out where the clock started a run of one part that went well.
func (s *Batch) finish(j Job, r *record, e event.Event) ([]event.Event, error) {
	if j.Quiet && r.state == Finished && r.Part <= 1 && r.By == "" {
		return nil, nil
	}
	finished, err := e.Next(contract.JobFinished, r.ended(s.set.service))
	finished.Origin, finished.Correlation = contract.Batch, r.story()
	return contract.One(finished, err)
}

// caused returns the message of a run's next part as the effect of another message.
func caused(e event.Event, r Run) (event.Event, error) {
	next, err := r.event()
	next.Causation = e.ID
	return next, err
}
