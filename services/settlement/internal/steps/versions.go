package steps

import (
	"fmt"
	"strconv"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// replace takes the legs of earlier versions of a trade back. What is open is withdrawn. What is at the mainframe, or was, is marked:
// it waits for the answer, and the same leg of the new version waits for it. The version before may still be on its way; the new one
// then comes back.
func (s *Batch) replace(trade string, version int) error {
	if version == 1 {
		return nil
	}
	before := false
	for _, leg := range s.versions[trade] {
		before = before || leg.Version < version
	}
	if !before {
		return amqp.Retry(fmt.Errorf("no version before %d of trade %s is here yet", version, trade))
	}
	for _, leg := range s.versions[trade] {
		switch {
		case leg.Version >= version || leg.State == obligation.Withdrawn || leg.Superseded:
		case leg.State == obligation.Open:
			s.withdrawLeg(leg)
			s.moved = append(s.moved, leg)
		default:
			leg.Superseded = true
			s.superseded = append(s.superseded, leg.Ref)
		}
	}
	return nil
}

// withdrawLeg takes a leg back, and its entries if it has moved between the books.
func (s *Batch) withdrawLeg(leg *obligation.Obligation) {
	if leg.DealtAtOnce || leg.State != obligation.Open {
		posting := event.ChildID(leg.TradeID, "reversal", strconv.Itoa(leg.Version), strconv.Itoa(leg.Leg))
		s.transfers = append(s.transfers, ledger.Reverse(posting, leg.Deal(dealOf(leg.Ref)))...)
	}
	leg.State, leg.Held = obligation.Withdrawn, ""
}

// superseded tells whether a movement has a leg that a later version has replaced.
func superseded(m *store.Movement) bool {
	for _, leg := range m.Legs {
		if leg.Superseded {
			return true
		}
	}
	return false
}

// dissolve withdraws a movement that the mainframe has refused and that has a replaced leg: it must not be tried again as it is. The
// other legs of its netting set are open again.
func (s *Batch) dissolve(m *store.Movement) {
	m.State = movement.Withdrawn
	for _, leg := range m.Legs {
		if leg.Superseded {
			s.withdrawLeg(leg)
			continue
		}
		leg.State, leg.Movement, leg.DealtAtOnce = obligation.Open, "", true // its entries stay
	}
	s.moved = append(s.moved, m.Legs...)
}
