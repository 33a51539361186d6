package session

import (
	"context"

	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/message"
	"fxcore/services/contract"
)

// tellStatus answers a status request: up to which number requests were received and, if the request names a reference, the
// result of that request.
func (s *Session) tellStatus(ctx context.Context, q *message.StatusRequest, payload []byte) error {
	a := &message.Status{
		AnswerHead: message.AnswerHead{Sequence: q.Sequence, Reference: q.Reference}, Subject: q.Subject, TradeDate: q.TradeDate,
	}
	if q.Subject != 0 {
		if a.TradeDate == "" {
			a.TradeDate = s.dialect.TradeDate(s.shared.BankTime())
		}
		if err := s.find(ctx, a); err != nil {
			s.log.Warn("status not told", "error", err)
			return s.refuse(q, payload, message.Busy, "the answers cannot be looked up at the moment: ask again a little later")
		}
	}
	return s.say(a, &store.Cause{})
}

// find adds to a status the result of the request with its reference.
func (s *Session) find(ctx context.Context, a *message.Status) error {
	id := contract.TradeID(s.provider.ID, a.Reference, a.TradeDate)
	if a.Subject == message.Check {
		id = contract.CheckID(s.provider.ID, a.Reference, a.TradeDate)
	}
	pending := s.undecided.has(id) // before the query: a request that is decided meanwhile is among the answers
	found, err := s.Store.Kept.Answers(ctx, []string{id})
	if err != nil {
		return err
	}
	a.State = message.Unknown
	if given, decided := found[id]; decided {
		a.State, a.ID = message.Decided, id
		a.DecidedBy = s.number(given)
	} else if pending {
		a.State, a.ID = message.Undecided, id
	}
	return nil
}

// number returns the number of an answer, if it belongs to the current session; else 0.
func (s *Session) number(given store.Answer) uint64 {
	a, err := readKept(given)
	_, generation, _ := s.Store.Entry()
	if err != nil || a.generation != generation {
		return 0
	}
	return uint64(a.number)
}
