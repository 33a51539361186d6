package steps

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// registerTrade is the step of trade.registered. The trade is a fact, so its exposure is consumed even if its
// reservation has ended, and even above the line. The step emits nothing.
type registerTrade struct {
	trade messages.Trade
	path  line.Path
}

func readRegistered(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	t, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	path, err := s.path(t.Request.Client, t.Request.Dealer, t.Authorized)
	return registerTrade{t, path}, err
}

// Want asks for the trade's reservation, for that of the line check which it took over, and for its nodes in case there is no
// reservation.
func (t registerTrade) Want(s *Batch) {
	s.wanted.Trades = append(s.wanted.Trades, t.trade.Request.TradeID)
	s.wanted.Facts = append(s.wanted.Facts, t.path)
}

// Decide consumes the reservation. Without a reservation, it records the exposure that the message carries.
func (t registerTrade) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.Register(t.trade.Request.TradeID)
	if errors.Is(err, line.ErrUnknown) {
		err = t.record(s)
	}
	if err == nil {
		t.logFlag(s.log)
	}
	return nil, err
}

// record adds the exposure that the message carries.
func (t registerTrade) record(s *Batch) error {
	r, err := t.taken()
	if err != nil {
		return err
	}
	return s.book.Record(r)
}

// logFlag tells on-call of a report that needs more than its line check had reserved. Otherwise only the stored answer says so.
func (t registerTrade) logFlag(log *slog.Logger) {
	request := t.trade.Request
	if request.Kind != messages.Reported || request.LineCheck == nil || t.trade.Reserved == nil {
		return
	}
	check, err := t.trade.Reserved.LineCheck()
	switch {
	case err != nil: // the trade is a fact, whatever its basis says
		log.Warn("a registered trade has a basis that cannot be read", "trade", request.TradeID, "error", err)
	case check != nil && check.Flag != nil:
		log.Warn("a registered trade is flagged by the line check: credit risk must look at it", "flag", check.Flag.Flag,
			"text", check.Flag.Text, "trade", request.TradeID, "check", check.CheckID, "client", request.Client, "provider", request.Provider)
	}
}

// taken restores the reservation from linecheck's own section in the message.
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
	terms, err := t.trade.Terms()
	if err != nil {
		return line.Reservation{}, err
	}
	return line.Reservation{
		ID: id, Kind: line.ForTrade, Provider: t.trade.Request.Provider, Path: t.path, Terms: terms,
		Exposure: taken.Exposure, Settlements: settlements, ExpiresAt: taken.ExpiresAt,
		Record: line.Record{Basis: taken.Basis, Nodes: taken.Nodes},
	}, nil
}
