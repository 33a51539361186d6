package steps

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// registerTrade is the step of trade.registered: the trade is a fact, and its exposure is consumed whatever has become of
// its reservation, over the line if it must be. It leads to nothing further.
type registerTrade struct {
	trade messages.Trade
	path  line.Path
}

func readRegistered(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	t, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	path, err := s.path(t.Request.Client, t.Authorized)
	return registerTrade{t, path}, err
}

// Want asks for the trade's reservation, and for its nodes in case that there is none.
func (t registerTrade) Want(s *Batch) {
	s.wanted.Known = append(s.wanted.Known, t.trade.Request.TradeID)
	s.wanted.Facts = append(s.wanted.Facts, t.path)
}

// Decide consumes the reservation, or takes the exposure that the message states.
func (t registerTrade) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
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
