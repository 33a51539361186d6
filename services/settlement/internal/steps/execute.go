package steps

import (
	"fmt"
	"strconv"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

// legsPerPart is how many legs one part of a run takes: a transaction of some 100 ms.
const legsPerPart = 1000

// tooLate is the code of a movement whose cut-off had passed before it could be requested.
const tooLate = "TOOLATE"

// execute is a part of the job that executes due trades: it instructs the mainframe about the next legs whose time has come.
// Legs that a part has taken are no longer open, so a part that comes twice or late takes others or none.
type execute struct{ job messages.Job }

// Want asks for the next legs that are due.
func (x execute) Want(s *Batch) {
	if s.wanted.due.Before(x.job.Due) {
		s.wanted.due = x.job.Due
	}
}

// Decide requests the movements. If there may be more legs than one part takes, it causes the next part.
func (x execute) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if s.due == nil { // another part in this batch has taken the legs
		return nil, nil
	}
	groups := movement.Plan(s.due.Legs, s.static)
	more := len(s.due.Legs) == legsPerPart
	if last := len(groups) - 1; more && last > 0 && groups[last].Netted {
		groups = groups[:last] // the client's other legs may be in the next part
	}
	emitted, err := s.requestAll(groups, now, e)
	if err != nil {
		return nil, err
	}
	s.due, s.now = nil, now
	if !more {
		return emitted, nil
	}
	rest := x.job
	rest.Part++
	next, err := e.Next(contract.JobDue, rest, strconv.Itoa(rest.Part))
	return append(emitted, next), err
}

// requestAll changes nothing if it returns an error.
func (s *Batch) requestAll(groups []movement.Group, now time.Time, e event.Event) ([]event.Event, error) {
	var all []event.Event
	made := make([]*movement.Movement, len(groups))
	for i, g := range groups {
		made[i] = newMovement(g, now)
		emitted, err := s.tell(made[i], g.Legs, e)
		if err != nil {
			return nil, err
		}
		all = append(all, emitted...)
	}
	for i, g := range groups {
		s.instruct(made[i], g.Legs)
	}
	return all, nil
}

// instruct records that a movement settles the legs. A contract becomes a deal between the books.
func (s *Batch) instruct(m *movement.Movement, legs []*obligation.Obligation) {
	s.requested = append(s.requested, m)
	for _, leg := range legs {
		leg.State, leg.Movement = stateOf(m.State), m.ID
		if !leg.DealtAtOnce {
			s.transfers = append(s.transfers, leg.Deal(dealOf(leg.Ref))...)
		}
	}
	s.moved = append(s.moved, legs...)
}

// netsToZero is the reference of a movement without payments.
const netsToZero = "NETTED"

// newMovement makes the movement of a group. One whose cut-off has passed is refused at once; one whose payments net to zero is
// made at once.
func newMovement(g movement.Group, now time.Time) *movement.Movement {
	m := &movement.Movement{
		ID: movementID(g.Legs), Client: g.Legs[0].Client, ValueDate: g.Legs[0].ValueDate, Netted: g.Netted, Payments: g.Payments,
		NotAfter: g.NotAfter(), State: movement.Requested, Attempt: 1, At: now,
	}
	switch {
	case len(m.Payments) == 0:
		m.State, m.Answer.Reference = movement.Made, netsToZero
	case now.After(m.NotAfter):
		m.State = movement.Refused
		m.Answer = movement.Answer{Code: tooLate, Text: "the cut-off was " + m.NotAfter.Format(time.RFC3339) + ", before the trade could be executed"}
	}
	return m
}

// movementID returns the same id for the same legs.
func movementID(legs []*obligation.Obligation) string {
	parts := []string{"movement"}
	for _, leg := range legs {
		parts = append(parts, fmt.Sprintf("%s/%d/%d", leg.TradeID, leg.Version, leg.Leg))
	}
	return event.NewID(event.DayOf(legs[0].ValueDate.Time()), parts...)
}

// tell makes the events that follow from the movement's state: the request to the mainframe, or what became of the legs.
func (s *Batch) tell(m *movement.Movement, legs []*obligation.Obligation, e event.Event) ([]event.Event, error) {
	if m.State != movement.Requested {
		return outcomes(m, legs, e)
	}
	lines, err := s.lines(m)
	if err != nil {
		return nil, err
	}
	request, err := e.Next(contract.MovementRequested, messages.MovementRequested{
		MovementID: m.ID, Attempt: m.Attempt, ValueDate: m.ValueDate.String(), Client: m.Client, Lines: lines, NotAfter: m.NotAfter,
	}, m.ID, strconv.Itoa(m.Attempt))
	request.Origin, request.Correlation = contract.Batch, storyOf(m, legs)
	return []event.Event{request}, err
}

// storyOf returns the trade whose only leg the movement settles; a netted movement is a story of its own.
func storyOf(m *movement.Movement, legs []*obligation.Obligation) string {
	if m.Netted {
		return m.ID
	}
	return legs[0].TradeID
}

// lines returns the payments as the mainframe moves them. It returns a retry error while it does not know the bank's accounts.
func (s *Batch) lines(m *movement.Movement) ([]messages.Line, error) {
	lines := make([]messages.Line, len(m.Payments))
	for i, p := range m.Payments {
		from, to, err := s.static.Accounts(p)
		if err != nil {
			return nil, amqp.Retry(err)
		}
		lines[i] = messages.Line{Currency: p.Currency, Amount: p.Amount.Abs().String(), From: from, To: to}
	}
	return lines, nil
}

// readJob is the step of job.due. Jobs of other services are none of settlement's.
func readJob(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	job, err := messages.ReadJob(e)
	if err != nil {
		return nil, err
	}
	switch job.Job {
	case messages.ExecuteDue:
		return execute{job}, nil
	case messages.WatchCutOffs:
		return watch{job}, nil
	}
	return nothing{}, nil
}

// nothing is the task of a job of another service.
type nothing struct{}

func (nothing) Want(*Batch) {}

func (nothing) Decide(*Batch, time.Time, event.Event) ([]event.Event, error) { return nil, nil }
