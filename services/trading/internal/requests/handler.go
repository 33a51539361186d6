// Package requests takes a request's two steps through trading: an authorised one is validated, and one whose line is
// reserved is registered. Either may end in a rejection.
package requests

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/trading/internal/market"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// Static hands out the market as it is now. Error: market.ErrNoData while there is none.
type Static interface {
	Market() (*market.Market, error)
}

// Handler is the inbox handler of the queue trading.
type Handler struct {
	static Static
	rules  rules.Rules
}

// New makes a handler that decides by the rules on static.
func New(static Static, r rules.Rules) *Handler { return &Handler{static: static, rules: r} }

// Batch is what one batch of requests is decided on, and what it leads to.
type Batch struct {
	market     *market.Market // one for the whole batch
	noMarket   error
	authorized map[string]messages.Authorized // by event id
	reserved   map[string]messages.Reserved   // by event id
	faults     map[string]error               // why an event can not be handled, by event id
	known      store.Known                    // trades that are registered, those of this batch included
	registered []trade.Trade
}

// Load reads each event once. Validation needs nothing from the database; registration only whether it happened before.
func (h *Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s, trades := h.batch(events)
	s.known = store.QueueKnown(b, trades)
	return s
}

// Assume takes no trade for registered; one that is fails the store.
func (h *Handler) Assume(events []event.Event) (*Batch, bool) {
	s, trades := h.batch(events)
	s.known = make(store.Known, len(trades))
	return s, true
}

// batch reads each event once and lists the trades that are to be registered.
func (h *Handler) batch(events []event.Event) (s *Batch, trades []string) {
	s = &Batch{authorized: map[string]messages.Authorized{}, reserved: map[string]messages.Reserved{}, faults: map[string]error{}}
	s.market, s.noMarket = h.static.Market()
	for _, e := range events {
		if err := s.read(e); err != nil {
			s.faults[e.ID] = err
		} else if r, ok := s.reserved[e.ID]; ok {
			trades = append(trades, r.Request.TradeID)
		}
	}
	return s, trades
}

func (s *Batch) read(e event.Event) (err error) {
	switch e.Type {
	case messages.TradeAuthorized:
		s.authorized[e.ID], err = messages.ReadAuthorized(e)
	case messages.TradeReserved:
		s.reserved[e.ID], err = messages.ReadReserved(e)
	default:
		err = fmt.Errorf("%s is not a step that trading takes", e.Type)
	}
	return err
}

// Decide takes the step that the event asks for.
func (h *Handler) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	if r, ok := s.reserved[e.ID]; ok {
		return s.register(r, now, e)
	}
	return h.validate(s, now, e)
}

// Store writes the trades that were registered.
func (h *Handler) Store(b *pgx.Batch, s *Batch) { store.QueueRegister(b, s.registered) }
