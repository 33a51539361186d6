package steps

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// retryWindow is how long the mainframe may take for a movement that a person has asked for again.
const retryWindow = time.Hour

// command is the step of settlement.commanded: a person resolves what has failed.
type command struct{ given messages.Commanded }

func readCommanded(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	given, err := messages.ReadCommanded(e)
	return command{given}, err
}

// Want asks for the movement.
func (c command) Want(s *Batch) { s.wanted.movements = append(s.wanted.movements, c.given.MovementID) }

// Decide asks the mainframe again, or records what the person has settled or found. If the command comes too late, or the movement's
// state does not allow it, the answer is settlement.declined, and nothing is done.
func (c command) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return c.decline(e, now, fmt.Sprintf("the command was good until %s, and it is %s: look at the movement, and give the command again",
			e.Deadline.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	}
	e.Deadline = time.Time{} // it is the command's: what the command leads to is done, however late
	locked, err := s.locked(c.given.MovementID)
	if err != nil {
		return nil, err
	}
	before := locked.Movement
	var emitted []event.Event
	if locked.Untouched() && superseded(locked) { // it failed before its trade changed
		locked.By, locked.Why, locked.At = c.given.By, c.given.Reason, now
		return s.follow(locked, now, e)
	}
	switch by, why := c.given.By, c.given.Reason; c.given.Action {
	case messages.SettleByHand:
		err = locked.SettleByHand(by, why, c.given.Reference, now)
	case messages.Found:
		err = locked.Found(by, why, c.given.Reference, now)
	default:
		emitted, err = c.retry(s, locked, now, e)
	}
	if err == nil && c.given.Action != messages.Retry {
		emitted, err = s.follow(locked, now, e)
	}
	if err != nil {
		locked.Movement = before
	}
	if errors.Is(err, movement.ErrNotAllowed) {
		return c.decline(e, now, err.Error())
	}
	return emitted, err
}

// decline answers that nothing was done, and why.
func (c command) decline(e event.Event, now time.Time, why string) ([]event.Event, error) {
	e.Deadline = time.Time{}
	return contract.One(e.Next(contract.SettlementDeclined, messages.Declined{Commanded: c.given, Text: why, DeclinedAt: now.UTC()}))
}

// retry asks the mainframe again. What it may have made is asked for with the lines of before: with others it would not recognise
// it. What it has refused is made out anew, because the bank's accounts may have been put right meanwhile; while they are not known,
// the command is refused: the error queue has the reason. No money of a trade moves that the mainframe has not booked.
func (c command) retry(s *Batch, locked *store.Movement, now time.Time, e event.Event) ([]event.Event, error) {
	untouched, until := locked.Untouched(), now.Add(retryWindow)
	if untouched && locked.Unbooked > 0 {
		return nil, fmt.Errorf("retry movement %s, of a trade that the mainframe has not booked: %w", locked.ID, movement.ErrNotAllowed)
	}
	if superseded(locked) {
		until = locked.NotAfter // the mainframe says what it has made, and makes nothing more
	}
	if err := locked.Retry(c.given.By, c.given.Reason, until, now); err != nil {
		return nil, err
	}
	if untouched {
		lines, err := s.lines(&locked.Movement)
		if err != nil {
			return nil, err
		}
		locked.Lines = lines
	}
	emitted, err := tell(&locked.Movement, locked.Legs, e)
	if err == nil {
		s.again(locked.ID, locked.Legs, now)
	}
	return emitted, err
}

// again records that a movement is requested once more.
func (s *Batch) again(id string, legs []*obligation.Obligation, now time.Time) {
	for _, leg := range legs {
		leg.State = obligation.Instructed
	}
	s.moved = append(s.moved, legs...)
	s.changed[id], s.now = true, now
}
