package steps

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// maxSet bounds how many legs are netted in one movement, and how many one part of a run takes.
const maxSet = 5000

// execute is a part of the job that executes due trades: it instructs the mainframe about the next legs whose time has come.
// Legs that a part has taken are no longer open, so a run for the same time takes others or none. A part ends with a whole netting
// set.
type execute struct {
	*Batch
	run  jobs.Run
	size int // legs that a part usually takes
	from cursor
	due  *store.Due
}

// cursor is where a part of a run begins.
type cursor struct {
	After store.Place `json:"after"`
	Size  int         `json:"size"` // legs that the part takes: more than usual if a netting set did not fit
	Held  int         `json:"held"` // due legs that the run has left open so far
}

func executing(batch *Batch, run jobs.Run, size int) *execute {
	x := &execute{Batch: batch, run: run, size: size, from: cursor{Size: size}}
	if run.Cursor != "" {
		_ = json.Unmarshal([]byte(run.Cursor), &x.from) // our own text; a part that begins anew finds what is still open
	}
	return x
}

// Load locks the next legs that are due.
func (x *execute) Load(b *pgx.Batch) {
	x.due = store.QueueDue(b, store.Wanted{Now: x.run.Due, Nets: x.static.Netting(), After: x.from.After, Limit: x.from.Size})
}

// Do requests the movements. A movement that cannot be made out now, because the static data lack something, stays open with the
// reason and holds up no other.
func (x *execute) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	groups := movement.Plan(x.due.Legs, x.static)
	more := x.due.Found >= x.from.Size
	if more && x.from.Size < maxSet && len(x.due.Legs) > 0 {
		groups = movement.Cut(groups, x.due.Legs[len(x.due.Legs)-1])
	}
	x.now = now
	next := x.next(groups)
	var emitted []event.Event
	for _, g := range groups {
		if !g.Due(x.run.Due) {
			continue
		}
		told, err := x.take(g, now, e)
		if err != nil {
			return jobs.Progress{}, nil, err
		}
		emitted = append(emitted, told...)
		next.Held += heldOf(g)
	}
	progress := jobs.Progress{Done: x.run.Done + x.instructed, Last: !more}
	if progress.Last {
		progress.Total = progress.Done + next.Held
	}
	text, err := json.Marshal(next)
	progress.Cursor = string(text)
	return progress, emitted, err
}

// next returns where the part after this one begins, which takes the groups: after the last of their legs. Without any, a
// netting set did not fit, and the next part takes more.
func (x *execute) next(groups []movement.Group) cursor {
	next := cursor{After: x.from.After, Size: x.size, Held: x.from.Held}
	taken := map[*obligation.Obligation]bool{}
	for _, g := range groups {
		for _, leg := range g.Legs {
			taken[leg] = true
		}
	}
	for _, leg := range x.due.Legs {
		if taken[leg] {
			next.After = store.PlaceOf(leg)
		}
	}
	if len(groups) == 0 {
		next.Size = min(2*x.from.Size, maxSet)
	}
	return next
}

// take instructs the mainframe about a group, or leaves its legs open with the reason.
func (s *Batch) take(g movement.Group, now time.Time, e event.Event) ([]event.Event, error) {
	if g.Legs[0].Windowless {
		s.findWindow(g.Legs[0])
		return nil, nil
	}
	m, err := s.newMovement(g, now)
	if err != nil {
		s.hold(g.Legs, err.Error())
		return nil, nil
	}
	emitted, err := tell(m, g.Legs, e)
	if err != nil {
		return nil, fmt.Errorf("movement %s: %w", m.ID, err)
	}
	s.instruct(m, g.Legs)
	return emitted, nil
}

// hold leaves legs open and records why.
func (s *Batch) hold(legs []*obligation.Obligation, why string) {
	for _, leg := range legs {
		if leg.Held != why {
			leg.Held = why
			s.moved = append(s.moved, leg)
		}
	}
}

// heldOf returns how many legs of a group that was taken stay open.
func heldOf(g movement.Group) int {
	if g.Legs[0].Held == "" {
		return 0
	}
	return len(g.Legs)
}

// instruct records that a movement settles the legs. A contract becomes a deal between the books.
func (s *Batch) instruct(m *movement.Movement, legs []*obligation.Obligation) {
	s.requested = append(s.requested, m)
	for _, leg := range legs {
		leg.State, leg.Movement, leg.Held = stateOf(m), m.ID, ""
		if !leg.DealtAtOnce {
			s.transfers = append(s.transfers, leg.Deal(dealOf(leg.Ref))...)
		}
	}
	s.moved = append(s.moved, legs...)
	s.instructed += len(legs)
}
