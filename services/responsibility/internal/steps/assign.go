package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/messages"
)

// assign is the step of trade.registered. It assigns a desk and a trader to the trade, once. The trade keeps them even
// if the static data changes later. A further message about the trade, or about another version of it, gets the same
// assignment.
type assign struct{ trade messages.Trade }

func readRegistered(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	trade, err := messages.ReadTrade(e)
	return assign{trade}, err
}

// Want asks for the assignment that the trade may have already.
func (a assign) Want(s *Batch) { s.wanted = append(s.wanted, a.trade.Registered.TradeID) }

// Decide emits trade.assigned. It returns a retry error while no desk can take the trade.
func (a assign) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	chosen, err := a.choose(s)
	if err != nil {
		return nil, amqp.Retry(err)
	}
	return contract.One(e.Next(contract.TradeAssigned, messages.Assigned{
		TradeID: a.trade.Registered.TradeID, Version: a.trade.Registered.Version,
		Desk: chosen.Desk, Trader: chosen.Trader, Rule: chosen.Rule, Flags: a.trade.Flags(),
	}))
}

// choose returns the trade's assignment. It makes one if the trade has none.
func (a assign) choose(s *Batch) (assignment.Assignment, error) {
	id := a.trade.Registered.TradeID
	if known, ok := s.known[id]; ok {
		return known, nil
	}
	chosen, err := assignment.Of(assignment.Trade{
		ID: id, Product: a.trade.Product(), ClientDesk: a.trade.Authorized.Desk,
	}, s.desks)
	if err != nil {
		return assignment.Assignment{}, err
	}
	s.known[id], s.made[id] = chosen, chosen
	return chosen, nil
}
