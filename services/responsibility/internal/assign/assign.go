// Package assign gives each registered trade its desk and trader, once.
package assign

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/messages"
	"fxcore/services/responsibility/internal/store"
)

// Desks hands out the desks as they are now, by id.
type Desks interface {
	Desks() map[string]assignment.Desk
}

// Handler is the inbox handler of the queue responsibility.
type Handler struct{ static Desks }

// New makes a handler that chooses among the desks of static.
func New(static Desks) *Handler { return &Handler{static} }

// Batch is what one batch of trades is decided on, and what was decided.
type Batch struct {
	desks  map[string]assignment.Desk // one picture for the whole batch
	trades map[string]messages.Trade  // by event id
	faults map[string]error           // why an event is no trade, by event id
	known  store.Assignments          // made before, and in this batch
	made   store.Assignments          // in this batch
}

// Load reads each trade once and finds who answers for it already.
func (h *Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s, trades := h.batch(events)
	s.known = store.QueueSelect(b, trades)
	return s
}

// Assume takes every trade for one that nobody answers for; one that is assigned fails the store.
func (h *Handler) Assume(events []event.Event) (*Batch, bool) {
	s, trades := h.batch(events)
	s.known = make(store.Assignments, len(trades))
	return s, true
}

// batch reads each trade once and lists their ids.
func (h *Handler) batch(events []event.Event) (s *Batch, trades []string) {
	s = &Batch{
		desks:  h.static.Desks(),
		trades: make(map[string]messages.Trade, len(events)),
		faults: map[string]error{},
		made:   make(store.Assignments, len(events)),
	}
	for _, e := range events {
		trade, err := messages.Read(e)
		if err != nil {
			s.faults[e.ID] = err
			continue
		}
		s.trades[e.ID] = trade
		trades = append(trades, trade.Registered.TradeID)
	}
	return s, trades
}

// Decide assigns one trade, or repeats who has it: whoever answers for a trade keeps it, whatever the static data says
// later. It retries while there is nobody to take the trade.
func (h *Handler) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	trade := s.trades[e.ID]
	chosen, err := s.responsible(trade)
	if err != nil {
		return nil, amqp.Retry(err)
	}
	next, err := e.Next(messages.TradeAssigned, messages.Assigned{
		TradeID: trade.Registered.TradeID, Desk: chosen.Desk, Trader: chosen.Trader, Rule: chosen.Rule,
	})
	return []event.Event{next}, err
}

// responsible is who has the trade, or takes it now.
func (s *Batch) responsible(trade messages.Trade) (assignment.Assignment, error) {
	id := trade.Registered.TradeID
	if a, known := s.known[id]; known {
		return a, nil
	}
	a, err := assignment.Of(assignment.Trade{ID: id, Product: trade.Request.Product, ClientDesk: trade.Authorized.Desk}, s.desks)
	if err != nil {
		return assignment.Assignment{}, err
	}
	s.known[id], s.made[id] = a, a
	return a, nil
}

// Store writes the assignments that were made.
func (h *Handler) Store(b *pgx.Batch, s *Batch) { store.QueueInsert(b, s.made) }
