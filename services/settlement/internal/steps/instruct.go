package steps

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

// The codes of movements that settlement itself refuses, and does not request.
const (
	tooLate   = "TOOLATE"   // the cut-off had passed before it could be requested
	notBooked = "NOTBOOKED" // the mainframe has refused to book the trade
)

// netsToZero is the reference of a movement without payments.
const netsToZero = "NETTED"

// errNotBooked is why the leg of a trade waits that the mainframe has not booked yet.
var errNotBooked = errors.New("the mainframe has not booked the trade yet")

// newMovement makes the movement of a group. One whose cut-off has passed, or whose trade the mainframe has refused to book, is refused
// at once; one whose payments net to zero is made at once. An error says why the movement cannot be made out now.
func (s *Batch) newMovement(g movement.Group, now time.Time) (*movement.Movement, error) {
	if g.Fault != nil {
		return nil, g.Fault
	}
	m := &movement.Movement{
		ID: movementID(g.Legs), Client: g.Legs[0].Client, ValueDate: g.Legs[0].ValueDate, Netted: g.Netted, Payments: g.Payments,
		NotAfter: g.NotAfter(), State: movement.Requested, Attempt: 1, At: now,
	}
	var err error
	switch first := g.Legs[0]; {
	case first.Unbooked && !now.After(m.NotAfter):
		return nil, errNotBooked
	case len(m.Payments) == 0:
		_, err = m.Make(netsToZero, now, beginOf(m.ValueDate))
	case first.BookingRefused != "":
		m.Refuse(m.Attempt, notBooked, "the mainframe has refused to book the trade: "+first.BookingRefused, now)
	case now.After(m.NotAfter):
		m.Refuse(m.Attempt, tooLate, "the cut-off was "+m.NotAfter.Format(time.RFC3339)+", before the trade could be executed", now)
	default:
		m.Lines, err = s.lines(m)
	}
	return m, err
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
func tell(m *movement.Movement, legs []*obligation.Obligation, e event.Event) ([]event.Event, error) {
	switch {
	case m.Early:
		return nil, nil
	case m.State != movement.Requested:
		return outcomes(m, legs, e)
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
