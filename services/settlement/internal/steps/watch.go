package steps

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
)

// overduePerPart is how many movements one part of a run looks at.
const overduePerPart = 200

// patience is how long after the cut-off an answer of the mainframe may be on its way.
const patience = 30 * time.Second

// watch is a part of the job that watches cut-offs: it tells of movements that the mainframe has not answered in time.
type watch struct{ job messages.Job }

// Want asks for movements whose cut-off has passed.
func (w watch) Want(s *Batch) {
	if until := w.job.Due.Add(-patience); s.wanted.overdue.Before(until) {
		s.wanted.overdue = until
	}
}

// Decide tells which legs have failed.
func (w watch) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if s.overdueLoaded {
		return nil, nil
	}
	var emitted []event.Event
	expired := 0
	for _, id := range slices.Sorted(maps.Keys(s.movements)) {
		m := s.movements[id]
		before := m.Movement
		if !m.Expire(now) {
			continue
		}
		told, err := s.follow(m, e)
		if err != nil {
			m.Movement = before
			return nil, err
		}
		emitted = append(emitted, told...)
		expired++
	}
	s.overdueLoaded = true
	if expired < overduePerPart {
		return emitted, nil
	}
	rest := w.job
	rest.Part++
	next, err := e.Next(contract.JobDue, rest, strconv.Itoa(rest.Part))
	return append(emitted, next), err
}
