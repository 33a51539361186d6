package steps

import (
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// tooLate is the code of a movement whose cut-off had passed before it could be requested.
const tooLate = "TOOLATE"

// execute is a part of the job that executes due trades: it instructs the mainframe about the next legs whose time has come.
// Legs that a part has taken are no longer open, so a run for the same time takes others or none.
type execute struct {
	*Batch
	run  jobs.Run
	size int
	due  *store.Due
}

// Load locks the next legs that are due.
func (x *execute) Load(b *pgx.Batch) { x.due = store.QueueDue(b, x.run.Due, x.size) }

// Do requests the movements. While the bank's accounts of a currency are not known, the part is done later.
func (x *execute) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	groups := movement.Plan(x.due.Legs, x.static)
	more := len(x.due.Legs) == x.size
	if last := len(groups) - 1; more && last > 0 && groups[last].Netted {
		groups = groups[:last] // the client's other legs may be in the next part
	}
	emitted, err := x.requestAll(groups, now, e)
	if err != nil {
		return jobs.Progress{}, nil, jobs.Later(err)
	}
	x.now = now
	return jobs.Progress{Done: x.run.Done + len(x.moved), Last: !more}, emitted, nil
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
	var err error
	if m.Lines, err = s.lines(m); err != nil {
		return nil, err
	}
	request, err := e.Next(contract.MovementRequested, messages.MovementRequested{
		MovementID: m.ID, Attempt: m.Attempt, ValueDate: m.ValueDate.String(), Client: m.Client, Lines: messages.LinesOf(m.Lines), NotAfter: m.NotAfter,
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

// lines returns the payments as the mainframe moves them. Error: directory.ErrNoNostro.
func (s *Batch) lines(m *movement.Movement) ([]movement.Line, error) {
	lines := make([]movement.Line, len(m.Payments))
	for i, p := range m.Payments {
		from, to, err := s.static.Accounts(p)
		if err != nil {
			return nil, err
		}
		lines[i] = movement.Line{Currency: p.Currency, Amount: p.Amount.Abs(), From: from, To: to}
	}
	return lines, nil
}
