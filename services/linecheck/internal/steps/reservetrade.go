package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// reserveTrade is the step of trade.validated: it reserves the trade's lines. A reported trade is reserved whatever they say.
type reserveTrade struct{ proposal }

func readValidated(s *Batch, e event.Event) (inbox.Task[*Batch], error) {
	t, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	deal, err := t.Deal()
	if err != nil {
		return nil, err
	}
	path, err := s.path(t.Request.Client, t.Caller.Dealer(), t.Authorized)
	if err != nil {
		return nil, err
	}
	terms, err := t.Terms()
	if err != nil {
		return nil, err
	}
	var p proposal
	if t.Request.Kind == messages.Reported {
		p = s.proposeFact(t.Validated.Pair, deal, terms, path)
	} else if p = s.propose(t.Validated.Pair, deal, path); p.refused != nil {
		p.terms = terms
	}
	p.id, p.kind, p.provider, p.caller = t.Request.TradeID, line.ForTrade, t.Request.Provider, t.Caller
	p.wanted, p.mayUse = e.Deadline, takeoverOf(t, deal)
	if t.Request.LineCheck != nil {
		p.uses = &p.mayUse
	}
	return reserveTrade{p}, nil
}

// Decide reserves the trade's exposure and emits trade.reserved, or emits trade.rejected.
func (t reserveTrade) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	r, refused, err := s.reserve(t.proposal, now, e)
	switch {
	case err != nil:
		return nil, err
	case refused != nil:
		return contract.Next(e, contract.TradeRejected, "rejected", refused)
	}
	return contract.Next(e, contract.TradeReserved, "reserved", messages.Reserved{
		ReservationID: r.ID, ExpiresAt: r.ExpiresAt.UTC(), Currency: line.Currency, Exposure: r.Exposure,
		Nodes: r.Record.Nodes, Basis: r.Record.Basis,
	})
}
