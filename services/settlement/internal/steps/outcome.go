package steps

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// follow records what became of a locked movement: its legs take its state, and what was paid enters the ledger. It returns the
// events about the legs. The movement has just changed. Of one that was made early the legs wait for the value date.
func (s *Batch) follow(m *store.Movement, now time.Time, e event.Event) ([]event.Event, error) {
	s.changed[m.ID], s.now = true, now
	switch {
	case m.Early:
		s.await(m)
		return nil, nil
	case m.Untouched() && superseded(m):
		s.dissolve(m)
		return nil, nil
	}
	emitted, err := outcomes(&m.Movement, m.Legs, e)
	if err != nil {
		return nil, err
	}
	for _, leg := range m.Legs {
		leg.State = stateOf(&m.Movement)
	}
	s.moved = append(s.moved, m.Legs...)
	if m.State == movement.Made || m.State == movement.ByHand {
		s.transfers = append(s.transfers, m.Entries(executionOf(m.ID))...)
	}
	return emitted, nil
}

// await records that legs wait for their value date, also those that had failed. Nothing is told yet.
func (s *Batch) await(m *store.Movement) {
	for _, leg := range m.Legs {
		leg.State = obligation.Instructed
	}
	s.moved = append(s.moved, m.Legs...)
}

// beginOf returns when a value date begins, in the mainframe's place.
func beginOf(value fxdate.Date) time.Time { return midnight(value, frankfurt()) }

// frankfurt is where the mainframe is, looked up once: each answer needs it.
var frankfurt = sync.OnceValue(mainframeZone)

// executionOf returns the id of the posting by which a movement is paid.
func executionOf(movement string) string { return event.ChildID(movement, "execution") }

// stateOf returns the state of the legs of a movement.
func stateOf(m *movement.Movement) obligation.State {
	switch m.State {
	case movement.Made, movement.ByHand:
		if m.Early {
			return obligation.Instructed
		}
		return obligation.Settled
	case movement.Refused, movement.Overdue, movement.Withdrawn:
		return obligation.Failed
	case movement.Requested:
	}
	return obligation.Instructed
}

// outcomes makes settlement.settled or settlement.failed for each leg, as a part of the trade's story.
func outcomes(m *movement.Movement, legs []*obligation.Obligation, e event.Event) ([]event.Event, error) {
	all := make([]event.Event, len(legs))
	for i, leg := range legs {
		typ, data := outcome(m, leg)
		told, err := e.Next(typ, data, leg.TradeID, strconv.Itoa(leg.Version), strconv.Itoa(leg.Leg))
		if err != nil {
			return nil, err
		}
		told.Origin, told.Correlation = leg.Origin, leg.TradeID
		all[i] = told
	}
	return all, nil
}

func outcome(m *movement.Movement, leg *obligation.Obligation) (event.Type, any) {
	of := messages.LegOf{
		TradeID: leg.TradeID, Version: leg.Version, Leg: leg.Leg, ValueDate: leg.ValueDate.String(), MovementID: m.ID,
	}
	if stateOf(m) == obligation.Settled {
		return contract.SettlementSettled, messages.Settled{
			LegOf: of, Reference: m.Answer.Reference, ByHand: m.State == movement.ByHand, SettledAt: settledAt(m),
		}
	}
	return contract.SettlementFailed, messages.Failed{LegOf: of, Code: m.Answer.Code, Text: m.Answer.Text, FailedAt: m.At, Attempt: m.Attempt, NotAfter: m.NotAfter}
}

// settledAt returns when the payments of a movement count: when they were made, but not before the value date.
func settledAt(m *movement.Movement) time.Time {
	if begins := beginOf(m.ValueDate); m.State == movement.Made && m.At.Before(begins) {
		return begins.UTC()
	}
	return m.At
}

// locked returns a locked movement. An unknown one is an error: the mainframe answers only what settlement has requested.
func (s *Batch) locked(id string) (*store.Movement, error) {
	m, known := s.movements[id]
	if !known {
		return nil, fmt.Errorf("movement %s is not known", id)
	}
	return m, nil
}
