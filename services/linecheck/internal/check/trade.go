package check

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// reserveTrade is trade.validated: the trade needs its lines.
type reserveTrade struct{ proposal }

func (t reserveTrade) decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	r, refused, err := s.reserve(t.proposal, now, e)
	switch {
	case err != nil:
		return nil, err
	case refused != nil:
		return answer(e, messages.TradeRejected, "rejected", refused)
	}
	return answer(e, messages.TradeReserved, "reserved", messages.Reserved{
		ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(), Currency: line.Currency, Exposure: r.Exposure,
		Nodes: r.Record.Nodes, Basis: r.Record.Basis,
	})
}

// registerTrade is trade.registered: the trade is a fact, and its exposure is consumed whatever has become of its
// reservation, over the line if it must be. It leads to nothing further.
type registerTrade struct {
	trade messages.Trade
	path  line.Path
}

func (t registerTrade) wants(w *store.Wanted) {
	w.Known = append(w.Known, t.trade.Request.TradeID)
	w.Facts = append(w.Facts, t.path)
}

func (t registerTrade) decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.Resolve(t.trade.Request.TradeID, line.Register)
	if !errors.Is(err, line.ErrUnknown) {
		return nil, err
	}
	r, err := t.taken()
	if err != nil {
		return nil, err
	}
	return nil, s.book.Record(r)
}

// taken makes the reservation again from what this service said of it when it was made.
func (t registerTrade) taken() (line.Reservation, error) {
	id := t.trade.Request.TradeID
	if t.trade.Reserved == nil {
		return line.Reservation{}, fmt.Errorf("register trade %s: there is no reservation and the message does not say what was reserved", id)
	}
	taken := *t.trade.Reserved
	settlements, err := taken.Settlements()
	if err != nil {
		return line.Reservation{}, fmt.Errorf("register trade %s: %w", id, err)
	}
	return line.Reservation{
		ID: id, Kind: line.ForTrade, Provider: t.trade.Request.Provider, Path: t.path,
		Exposure: taken.Exposure, Settlements: settlements, State: line.Consumed, ExpiresAt: taken.ExpiresAt,
		Record: line.Record{Basis: taken.Basis, Nodes: taken.Nodes},
	}, nil
}

// nothing is a message that concerns no line.
type nothing struct{}

func (nothing) wants(*store.Wanted) {}

func (nothing) decide(*Batch, time.Time, event.Event) ([]event.Event, error) { return nil, nil }

// releaseTrade is trade.rejected after the line check: what was reserved is free again.
type releaseTrade struct{ id string }

func (t releaseTrade) wants(w *store.Wanted) { w.Known = append(w.Known, t.id) }

func (t releaseTrade) decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.Resolve(t.id, line.Release)
	var over *line.EndedError
	if errors.Is(err, line.ErrUnknown) || errors.As(err, &over) {
		return nil, nil
	}
	return nil, err
}
