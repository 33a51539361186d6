package steps

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// commanded is the step of trade.commanded: a person proposes an action on a trade, or decides about what another person has proposed.
type commanded struct{ given messages.Commanded }

func readCommanded(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	given, err := messages.ReadCommanded(e)
	return commanded{given}, err
}

func (c commanded) ref() trade.Ref { return refOf(c.given.TradeVersion) }

// Want asks for the version of the trade, for the action, and for what else is proposed on the trade.
func (c commanded) Want(s *Batch) {
	s.wanted.lives = append(s.wanted.lives, c.ref())
	s.wanted.agreed = append(s.wanted.agreed, c.ref())
	s.wanted.acts = append(s.wanted.acts, c.given.ActionID)
}

// Decide tells what becomes of actions. What was proposed on the trade and has expired is ended first.
func (c commanded) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	now, late := now.UTC().Truncate(time.Microsecond), e.Expired(now)
	e.Deadline = time.Time{} // it is the command's: what the command leads to is done, however late
	told, err := s.lapse(c.ref(), now, e)
	if err != nil {
		return nil, err
	}
	var more []event.Event
	if c.given.Step == messages.Propose {
		more, err = c.propose(s, now, late, e)
	} else if !late {
		more, err = c.decide(s, now, e)
	}
	return append(told, more...), err
}

// lapse ends what was proposed on a version and has expired.
func (s *Batch) lapse(on trade.Ref, now time.Time, e event.Event) (told []event.Event, err error) {
	for _, id := range slices.Sorted(maps.Keys(s.acts)) {
		lapsed, over := s.acts[id].Lapse(now)
		if !over || lapsed.On != on {
			continue
		}
		ended, err := s.keep(lapsed, e)
		if err != nil {
			return nil, err
		}
		told = append(told, ended...)
	}
	return told, nil
}

// propose keeps the proposal of an action that is possible now. A command that comes again with another id changes nothing.
func (c commanded) propose(s *Batch, now time.Time, late bool, e event.Event) ([]event.Event, error) {
	if s.acts[c.given.ActionID] != nil {
		return nil, nil
	}
	p := action.Propose(c.given.ActionID, action.Kind(c.given.Action), c.ref(), c.given.By, c.given.Reason, now)
	var no *action.Refusal
	_, err := s.change(p, now)
	switch {
	case late:
		no = &action.Refusal{Reason: action.TooLate, Text: "the command came after its deadline; give it again"}
	case errors.As(err, &no):
	case err != nil:
		return nil, err
	}
	if no != nil {
		p = p.Fail(no)
		p.DecidedAt = now
	}
	return s.keep(p, e)
}

// decide decides about a proposal, and does what is approved. What a person may not decide changes nothing. An action that is not here yet comes with
// a command that is still on its way.
func (c commanded) decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	found := s.acts[c.given.ActionID]
	switch {
	case found == nil:
		return nil, amqp.Retry(fmt.Errorf("action %s is not proposed", c.given.ActionID))
	case found.On != c.ref():
		return nil, fmt.Errorf("action %s is on trade %s, version %d, and the command on %s, version %d", found.ID, found.On.ID, found.On.Version, c.given.TradeID, c.given.Version)
	}
	to := map[string]action.ProposalState{messages.Approve: action.Done, messages.Decline: action.Declined, messages.Withdraw: action.Withdrawn}[c.given.Step]
	p, err := found.Decide(to, c.given.By, c.given.Reason, now)
	var no *action.Refusal
	if errors.As(err, &no) {
		return nil, nil // the action's own state tells why
	}
	if to != action.Done {
		return s.keep(p, e)
	}
	change, err := s.change(p, now)
	if errors.As(err, &no) {
		return s.keep(p.Fail(no), e)
	}
	if err != nil {
		return nil, err
	}
	return s.carryOut(p, change, e)
}

// keep notes an action as it is now, and tells it.
func (s *Batch) keep(p action.Proposal, e event.Event) ([]event.Event, error) {
	s.acts[p.ID], s.decided[p.ID] = &p, true
	typ := contract.ActionEnded
	if p.State == action.Proposed {
		typ = contract.ActionProposed
	}
	return contract.One(e.Next(typ, messages.Action{
		ActionID: p.ID, Action: string(p.Kind), TradeVersion: versionOf(p.On), State: string(p.State), ProposedBy: p.By, Reason: p.Reason,
		ProposedAt: p.At, ExpiresAt: p.Until, DecidedBy: p.DecidedBy, DecidedAt: p.DecidedAt, Decision: p.Decision, Code: p.Code, Text: p.Text,
	}, p.ID))
}

// change returns what an action would do now. Error: an [*action.Refusal].
func (s *Batch) change(p action.Proposal, now time.Time) (action.Change, error) {
	if !slices.Contains(commandable(), p.Kind) {
		return action.Change{}, &action.Refusal{Reason: action.NotKnownHere, Text: fmt.Sprintf("%.40q is no action that can be commanded", p.Kind)}
	}
	subject, err := s.subject(p, now)
	if err != nil {
		return action.Change{}, err
	}
	return action.Deleting(subject)
}

// subject returns the version on which somebody acts, as it is now. Error: an [*action.Refusal].
func (s *Batch) subject(p action.Proposal, now time.Time) (action.Subject, error) {
	agreed, life := s.agreed[p.On], s.lives[p.On]
	if agreed == nil || life == nil {
		return action.Subject{}, &action.Refusal{Reason: action.UnknownTrade, Text: "trading has no such version of the trade"}
	}
	subject := action.Subject{Trade: *agreed}
	subject.Life = *life
	begun, err := s.paymentBegun(subject.Trade, now)
	if err != nil {
		return subject, &action.Refusal{Reason: action.DataMissing, Text: "the windows of its payments are not known now: " + err.Error()}
	}
	subject.Circumstances = action.Circumstances{PaymentBegun: begun, UnderWay: s.underWay(p, now)}
	return subject, nil
}

// underWay reports whether another action on the version is open.
func (s *Batch) underWay(p action.Proposal, now time.Time) bool {
	for _, other := range s.acts {
		if other.ID != p.ID && other.On == p.On && other.Open(now) {
			return true
		}
	}
	return false
}

// paymentBegun reports whether the window has begun in which a leg that is not settled can be paid. Error: data of the market is missing.
func (s *Batch) paymentBegun(t trade.Trade, now time.Time) (bool, error) {
	if s.noMarket != nil {
		return false, s.noMarket
	}
	pair, err := s.market.Pair(t.Pair)
	if err != nil {
		return false, err
	}
	for i, leg := range t.Legs {
		if t.Life.HasSettled(i + 1) {
			continue
		}
		from, _, err := pair.Window(leg.ValueDate)
		if err != nil || !now.Before(from) {
			return true, err
		}
	}
	return false, nil
}

// carryOut ends the versions, and tells it.
func (s *Batch) carryOut(p action.Proposal, change action.Change, e event.Event) ([]event.Event, error) {
	var told []event.Event
	for _, end := range change.Ends {
		life := s.lives[end.Ref]
		deleted, err := e.Next(contract.TradeDeleted, messages.Deleted{
			TradeVersion: versionOf(end.Ref), ActionID: p.ID, ProposedBy: p.By, ApprovedBy: p.DecidedBy, Reason: p.Reason, DeletedAt: p.DecidedAt,
			Booked: life.Booking.Reference != "", Terms: agreedTerms(*s.agreed[end.Ref]),
		})
		if err := cmp.Or(err, life.End(trade.Delete)); err != nil {
			return nil, err
		}
		s.changed[end.Ref] = true
		told = append(told, deleted)
	}
	ended, err := s.keep(p, e)
	return append(told, ended...), err
}

func versionOf(r trade.Ref) messages.TradeVersion {
	return messages.TradeVersion{TradeID: r.ID, Version: r.Version}
}

func agreedTerms(t trade.Trade) messages.Terms {
	terms := messages.Terms{
		Provider: t.Provider, Reference: t.Reference, Client: t.Client, Account: t.Account, Product: string(t.Product), Pair: t.Pair, TradeDate: t.TradeDate.String(),
	}
	for _, l := range t.Legs {
		terms.Legs = append(terms.Legs, messages.AgreedLeg{Rate: l.Rate.String(), ListedLeg: messages.ListedLeg{
			ValueDate: l.ValueDate.String(), Base: l.Base, BaseSide: string(l.BaseSide), BaseAmount: l.BaseAmount, Quote: l.Quote, QuoteAmount: l.QuoteAmount,
		}})
	}
	return terms
}
