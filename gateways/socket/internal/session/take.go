package session

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// take handles one message from the provider: it queues the request for the broker, or answers it at once. Only one goroutine
// may call it. Errors: those of the store. Then the connection must end: a message that could not be answered was not
// counted, so the provider sends it again.
func (s *Session) take(v *visit, payload []byte) error {
	m, err := message.ParseRequest(payload)
	if err != nil {
		return s.faulty(v, payload, err)
	}
	if q, ok := m.(*message.StatusRequest); ok {
		return s.tellStatus(v.reading, q, payload)
	}
	due := s.Store.In.Next()
	if m.Head().Sequence > uint64(due) {
		return s.refuse(m, payload, message.OutOfSequence, fmt.Sprintf("%d comes next", due))
	}
	return s.request(v, m, payload, due)
}

// socketProtocol names this protocol in what is kept of a provider's messages.
const socketProtocol = "socket"

// request handles the request that is due, or one that was taken before. payload is the request as it came: it has no secrets, which only
// a login has.
func (s *Session) request(v *visit, m message.Request, payload []byte, due int) error {
	name, generation, _ := s.Store.Entry()
	number := int(m.Head().Sequence)
	if answered, err := s.refusedBefore(v, number, payload); err != nil || answered {
		return err
	}
	e, err := s.dialect.ToEvent(m, func(correlation, digest string) string {
		return event.NewID(event.DayOfID(correlation), "requested", name, strconv.Itoa(number), correlation, digest)
	}, s.shared.BankTime())
	if err != nil {
		return s.faulty(v, payload, err)
	}
	if e, err = (story.Original{Protocol: socketProtocol, Session: name, Sequence: number, Bytes: payload}).Beside(e); err != nil {
		return err
	}
	if number < due {
		return s.repeated(v, m, payload, e)
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
	return s.refuse(m, payload, message.Busy, "no room at the moment: send it again a little later, and all that follows")
}

func (s *Session) submit(r *ingest.Request) bool {
	s.undecided.add(r.Event.Correlation)
	if s.Requests.Submit(r) {
		return true
	}
	s.undecided.answered(r.Event.Correlation)
	return false
}

// repeated sends a request that was taken before to the core once more, as a new event. The core finds that the reference was
// used and answers again. repeated does nothing if the request is still on its way to the broker, or if this connection will
// get the first answers anyway.
func (s *Session) repeated(v *visit, m message.Request, payload []byte, e event.Event) error {
	if first := s.Requests.Find(e.Correlation); first != nil && first.Event.ID == e.ID {
		return nil
	}
	if coming, err := v.underWay(int(m.Head().Sequence), e.ID); err != nil || coming {
		return err
	}
	name, generation, _ := s.Store.Entry()
	e.ID = event.NewID(event.DayOfID(e.Correlation), "repeated", name, rand.Text())
	if s.Store.Busy() || !s.submit(&ingest.Request{Generation: generation, PossDup: true, Event: e}) {
		return s.refuse(m, payload, message.Busy, "no room at the moment: send it again a little later")
	}
	return nil
}
