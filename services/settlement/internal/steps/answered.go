package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/settlement/internal/messages"
)

// made is the step of movement.made: the legs of the movement are settled.
type made struct{ answer messages.MovementMade }

func readMade(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	answer, err := messages.ReadMade(e)
	return made{answer}, err
}

// Want asks for the movement.
func (m made) Want(s *Batch) { s.wanted.movements = append(s.wanted.movements, m.answer.MovementID) }

// Decide settles the legs, once. Error: movement.ErrMovedTwice.
func (m made) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	locked, err := s.locked(m.answer.MovementID)
	if err != nil {
		return nil, err
	}
	before := locked.Movement
	changed, err := locked.Make(m.answer.Reference, m.answer.MovedAt, beginOf(locked.ValueDate))
	if err != nil || !changed {
		return nil, err
	}
	emitted, err := s.follow(locked, now, e)
	if err != nil {
		locked.Movement = before
	}
	return emitted, err
}

// refused is the step of movement.refused: the legs of the movement have failed.
type refused struct{ answer messages.MovementRefused }

func readMovementRefused(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	answer, err := messages.ReadMovementRefused(e)
	return refused{answer}, err
}

// Want asks for the movement.
func (r refused) Want(s *Batch) { s.wanted.movements = append(s.wanted.movements, r.answer.MovementID) }

// Decide records that the legs have failed. A refusal of an attempt before the last one changes nothing.
func (r refused) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	locked, err := s.locked(r.answer.MovementID)
	if err != nil {
		return nil, err
	}
	before := locked.Movement
	if !locked.Refuse(r.answer.Attempt, r.answer.Code, r.answer.Text, now) {
		return nil, nil
	}
	emitted, err := s.follow(locked, now, e)
	if err != nil {
		locked.Movement = before
	}
	return emitted, err
}
