package steps

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// possible is the step of actions.requested: somebody asks what may be done with a trade. The answer comes from the functions that decide proposals, on the state
// of this moment. It changes nothing, and locks the trade while it reads.
type possible struct{ asked messages.ActionsRequested }

func readPossible(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	asked, err := messages.ReadActionsRequested(e)
	return possible{asked}, err
}

func (p possible) ref() trade.Ref { return refOf(p.asked.Question) }

// Want asks for the version of the trade, and for what is proposed on it.
func (p possible) Want(s *Batch) {
	s.wanted.lives = append(s.wanted.lives, p.ref())
	s.wanted.agreed = append(s.wanted.agreed, p.ref())
}

// Decide answers. It drops a question for whose answer nobody waits any more.
func (p possible) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return nil, nil
	}
	now = now.UTC().Truncate(time.Microsecond)
	answer := messages.PossibleActions{TradeVersion: p.asked.Question, AsOf: now, Actions: []messages.PossibleAction{}}
	if subject, err := s.subject(action.Proposal{On: p.ref()}, now); err == nil {
		answer.State = string(subject.State())
	}
	for _, kind := range commandable() {
		would, err := s.would(action.Proposal{Kind: kind, On: p.ref()}, now)
		if err != nil {
			return nil, err
		}
		answer.Actions = append(answer.Actions, would)
	}
	return contract.One(e.Next(contract.ActionsListed, messages.ActionsListed{Answer: answer}))
}

// commandable returns the kinds of actions that a person can command.
func commandable() []action.Kind { return []action.Kind{action.Delete} }

// would returns what an action would do.
func (s *Batch) would(p action.Proposal, now time.Time) (messages.PossibleAction, error) {
	would := messages.PossibleAction{Action: string(p.Kind), TwoPersons: p.Kind.Corrects()}
	change, err := s.change(p, now)
	var no *action.Refusal
	if errors.As(err, &no) {
		would.Code, would.Text = string(no.Reason), no.Text
		return would, nil
	}
	for _, end := range change.Ends {
		would.Ends = append(would.Ends, versionOf(end.Ref))
		would.OppositeBooking = would.OppositeBooking || s.lives[end.Ref].Booking.Reference != ""
	}
	for _, begin := range change.Begins {
		would.Begins = append(would.Begins, versionOf(begin.Ref))
	}
	return would, err
}
