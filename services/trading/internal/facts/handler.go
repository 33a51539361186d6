// Package facts records what others tell of trades and requests: who is responsible, whether the mainframe has booked,
// and what was rejected. Facts come in any order, late and more than once.
package facts

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// Handler is the inbox handler of the queue trading.facts.
type Handler struct{}

// New makes the handler.
func New() *Handler { return &Handler{} }

// Batch is the lives that one batch of facts changes, and the rejections that it records.
type Batch struct {
	facts      map[string]messages.Fact     // by event id
	rejected   map[string]messages.Rejected // by event id
	faults     map[string]error             // why an event can not be handled, by event id
	lives      store.Lives
	changed    map[trade.Ref]bool
	rejections []store.Rejection
}

// Load reads each event once, and locks the lives of the trades that it tells of.
func (h *Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s := &Batch{
		facts: map[string]messages.Fact{}, rejected: map[string]messages.Rejected{}, faults: map[string]error{},
		changed: map[trade.Ref]bool{},
	}
	var refs []trade.Ref
	for _, e := range events {
		if err := s.read(e); err != nil {
			s.faults[e.ID] = err
		} else if f, ok := s.facts[e.ID]; ok {
			refs = append(refs, refOf(f))
		}
	}
	s.lives = store.QueueLives(b, refs)
	return s
}

func (s *Batch) read(e event.Event) (err error) {
	switch e.Type {
	case messages.TradeRejected:
		s.rejected[e.ID], err = messages.ReadRejected(e)
	case messages.TradeAssigned, messages.TradeBooked, messages.TradeRefused:
		s.facts[e.ID], err = messages.ReadFact(e)
	default:
		err = fmt.Errorf("%s is not a fact that trading records", e.Type)
	}
	return err
}

// Decide notes one fact. It emits nothing. A fact about a trade that is not registered here is tried again, for a while:
// after that somebody must look.
func (h *Handler) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	if r, ok := s.rejected[e.ID]; ok {
		s.rejections = append(s.rejections, rejectionOf(e, r))
		return nil, nil
	}
	f := s.facts[e.ID]
	life, ok := s.lives[refOf(f)]
	if !ok {
		return nil, amqp.Retry(fmt.Errorf("trade %s, version %d, is not registered", f.TradeID, f.Version))
	}
	changed, err := note(life, e, f)
	if changed {
		s.changed[refOf(f)] = true
	}
	return nil, err
}

// note applies a fact to the trade's life. The time of an assignment or a refusal is that of its message.
func note(life *trade.Life, e event.Event, f messages.Fact) (changed bool, err error) {
	switch e.Type {
	case messages.TradeAssigned:
		return life.Assign(trade.Assignment{Desk: f.Desk, Trader: f.Trader, At: e.Time}), nil
	case messages.TradeBooked:
		return life.Book(trade.Booking{Reference: f.BookingReference, At: f.BookedAt})
	default:
		return life.Refuse(trade.Refusal{Code: f.Code, Text: f.Text, At: e.Time})
	}
}

// Store writes what has changed.
func (h *Handler) Store(b *pgx.Batch, s *Batch) {
	s.lives.QueueSave(b, s.changed)
	store.QueueReject(b, s.rejections)
}

func refOf(f messages.Fact) trade.Ref { return trade.Ref{ID: f.TradeID, Version: f.Version} }

func rejectionOf(e event.Event, r messages.Rejected) store.Rejection {
	return store.Rejection{
		EventID: e.ID, TradeID: r.Request.TradeID, Provider: r.Request.Provider, Reference: r.Request.Reference, Kind: r.Request.Kind,
		Client: r.Request.Client, Product: r.Request.Product, Pair: r.Request.Pair,
		Code: r.Rejected.Code, Text: r.Rejected.Text, By: r.Rejected.By, At: e.Time,
	}
}
