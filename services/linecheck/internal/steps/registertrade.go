package steps

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/log"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// registerTrade is the step of trade.registered. The trade is a fact, so its exposure is consumed even if its
// reservation has ended, and even above the line. The step emits nothing.
type registerTrade struct {
	trade messages.Trade
	path  line.Path
	taken *line.Reservation // as the message says it; nil if it does not, or with a fault
	fault error             // why what it says cannot be read; the reservation stands all the same
	flags []messages.Flag   // linecheck's, of a report or of a deal on a quote
	again *proposal         // of a report that was reserved without figures: what it uses by the data of now; nil for other trades
}

func readRegistered(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	trade, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	t := registerTrade{trade: trade}
	if t.path, err = s.path(trade.Request.Client, trade.Caller.Dealer(), trade.Authorized); err != nil || trade.Reserved == nil {
		return t, err
	}
	if t.fault = t.restore(); t.fault == nil && t.isUnmeasured() {
		t.again = t.propose(s)
	}
	return t, nil
}

// Want asks for the trade's reservation, and for its nodes, line check and netting sets in case there is no reservation.
func (t registerTrade) Want(s *Batch) {
	s.wanted.Trades = append(s.wanted.Trades, t.trade.Request.TradeID)
	s.wanted.Facts = append(s.wanted.Facts, t.path)
	if t.taken != nil {
		s.known(t.taken.From.ID)
		s.wanted.Sets = append(s.wanted.Sets, t.taken.Terms.Sets(t.path, t.taken.Settlements)...)
	}
}

// Decide consumes the reservation. Without a reservation, it records the exposure that the message carries. A report that was reserved
// without figures waits until it can be measured: its reservation lasts, and the trade is done and known to everybody else.
func (t registerTrade) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	if err := t.measure(s, e); err != nil {
		return nil, err
	}
	_, err := s.book.Register(t.trade.Request.TradeID)
	if errors.Is(err, line.ErrUnknown) {
		err = t.record(s)
	}
	if err == nil {
		t.logFlags(s.log.With(log.About(e)))
	}
	return nil, err
}

// record adds the exposure that the message carries.
func (t registerTrade) record(s *Batch) error {
	switch {
	case t.fault != nil:
		return fmt.Errorf("register trade %s: there is no reservation: %w", t.trade.Request.TradeID, t.fault)
	case t.taken == nil:
		return fmt.Errorf("register trade %s: there is no reservation and the message does not say what was reserved", t.trade.Request.TradeID)
	}
	return s.book.Record(*t.taken)
}

// logFlags tells on-call, and so credit risk, what linecheck found about a report. Trading logs the flags of all services for the desk.
func (t registerTrade) logFlags(log *slog.Logger) {
	request, check := t.trade.Request, ""
	if request.LineCheck != nil {
		check = request.LineCheck.CheckID
	}
	for _, f := range t.flags {
		log.Warn("a registered trade is flagged by the line check: credit risk must look at it", "flag", f.Flag,
			"text", f.Text, "trade", request.TradeID, "check", check, "client", request.Client, "provider", request.Provider)
	}
}

// restore sets the reservation and the flags from linecheck's own section in the message.
func (t *registerTrade) restore() error {
	taken := t.trade.Reserved
	deal, err := t.trade.Deal()
	if err != nil {
		return err
	}
	terms, err := t.trade.Terms()
	if err != nil {
		return err
	}
	basis, err := taken.Figures()
	if err != nil {
		return err
	}
	due, err := basis.Due()
	if err != nil {
		return err
	}
	if len(due) < len(deal.Legs) { // it was not measured, or its message is older than the figures in it
		due = unknownSettlements(deal)
	}
	t.flags = basis.Flags
	t.taken = &line.Reservation{
		ID: t.trade.Request.TradeID, Kind: line.ForTrade, Provider: t.trade.Request.Provider, Path: t.path, Terms: terms,
		Exposure: taken.Exposure, Settlements: due, ExpiresAt: taken.ExpiresAt, From: basis.From(),
		Record: line.Record{Basis: taken.Basis, Nodes: taken.Nodes},
	}
	if x := basis.Exchange; x != nil {
		t.taken.Terms.Netted, t.taken.Exchange = true, line.Exchange(*x)
	}
	if x := basis.Swap; x != nil {
		near := line.Sum{Exposure: x.NearExposure, Exchange: line.Exchange(x.Near)}
		t.taken.Swap = line.Swap{Near: near, NearDate: deal.Legs[0].ValueDate, Far: x.FarExposure}
	}
	return nil
}
