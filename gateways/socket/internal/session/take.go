package session

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// take takes one message of the provider's: it becomes an event on its way to the broker, or is answered here. One at a time
// may be taken. Errors: those of the store, after which the connection must end: what could not be answered did not count.
func (s *Session) take(v *visit, payload []byte) error {
	m, err := message.ParseRequest(payload)
	if err != nil {
		return s.faulty(err)
	}
	if q, ok := m.(*message.StatusRequest); ok {
		return s.tellStatus(v.reading, q)
	}
	due := s.Store.In.Next()
	if m.Head().Sequence > uint64(due) {
		return s.refuse(m, message.OutOfSequence, fmt.Sprintf("%d comes next", due))
	}
	return s.request(v, m, due)
}

// request takes the one that is due, or one that has been taken before.
func (s *Session) request(v *visit, m message.Request, due int) error {
	name, generation, _ := s.Store.Entry()
	number := int(m.Head().Sequence)
	e, err := s.dialect.ToEvent(m, func(correlation, digest string) string {
		return event.NewID("requested", name, strconv.Itoa(number), correlation, digest)
	}, time.Now())
	if err != nil {
		return s.faulty(err)
	}
	if number < due {
		return s.repeated(v, m, e)
	}
	r := &ingest.Request{Seq: number, Generation: generation, PossDup: number < s.again, Event: e}
	s.Store.In.AwaitConfirm(number)
	err = s.Store.In.Count()
	if err == nil && !s.Store.Busy() && s.submit(r) {
		s.taken.note(number, e.ID, v.number)
		return nil
	}
	err = errors.Join(err, s.Store.In.SetNext(number))
	s.Store.In.Confirm(generation, number)
	if err != nil {
		return err
	}
	return s.refuse(m, message.Busy, "no room at the moment: send it again a little later, and all that follows")
}

func (s *Session) submit(r *ingest.Request) bool {
	s.undecided.add(r.Event.Correlation)
	if s.Requests.Submit(r) {
		return true
	}
	s.undecided.answered(r.Event.Correlation)
	return false
}

// repeated has a request judged once more, by its reference: the core finds that it came before. Its event is another one, so
// that it is answered again. One that is still on its way to the broker is not, nor one whose answers this connection is still
// to be told: they come.
func (s *Session) repeated(v *visit, m message.Request, e event.Event) error {
	if first := s.Requests.Find(e.Correlation); first != nil && first.Event.ID == e.ID {
		return nil
	}
	if coming, err := v.underWay(int(m.Head().Sequence), e.ID); err != nil || coming {
		return err
	}
	name, generation, _ := s.Store.Entry()
	e.ID = event.NewID("repeated", name, rand.Text())
	if s.Store.Busy() || !s.submit(&ingest.Request{Generation: generation, PossDup: true, Event: e}) {
		return s.refuse(m, message.Busy, "no room at the moment: send it again a little later")
	}
	return nil
}

// faulty refuses what cannot be read. It counts as received if it is the one that is due; a status request has no number.
func (s *Session) faulty(err error) error {
	var fault *message.Fault
	if !errors.As(err, &fault) {
		return err
	}
	due := s.Store.In.Next()
	_, generation, _ := s.Store.Entry()
	cause := &store.Cause{}
	switch numbered := fault.Type != message.TypeStatusRequest; {
	case numbered && fault.Sequence > uint64(due):
		fault.Reason, fault.Field, fault.Rule = message.OutOfSequence, "sequence", fmt.Sprintf("%d comes next", due)
	case numbered && fault.Sequence == uint64(due):
		s.Store.In.AwaitConfirm(due)
		if err := s.Store.In.Count(); err != nil {
			return err
		}
		cause.Confirms, cause.Generation = due, generation
	}
	err = s.say(fault.Reject(0), cause)
	if err != nil && cause.Confirms != 0 { // it was not answered, so it does not count
		err = errors.Join(err, s.Store.In.SetNext(due))
		s.Store.In.Confirm(generation, due)
	}
	return err
}

func (s *Session) refuse(m message.Request, reason message.Reason, rule string) error {
	fault := message.Fault{
		Reason: reason, Rule: rule, Type: m.Type(), Version: message.Current, Sequence: m.Head().Sequence, Reference: m.Head().Reference,
	}
	if reason == message.OutOfSequence {
		fault.Field = "sequence"
	}
	return s.say(fault.Reject(0), &store.Cause{})
}
