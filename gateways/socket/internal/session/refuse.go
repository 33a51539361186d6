package session

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"fxcore/gateways/internal/refused"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/message"
)

// faulty refuses a message that cannot be read. The message counts as received if its number is the one that is due. A status
// request has no number. faulty does nothing if the provider has the answer, see refusedBefore.
func (s *Session) faulty(v *visit, payload []byte, err error) error {
	var fault *message.Fault
	if !errors.As(err, &fault) {
		return err
	}
	due := s.Store.In.Next()
	numbered := fault.Type != message.TypeStatusRequest
	switch {
	case numbered && fault.Sequence > uint64(due):
		fault.Reason, fault.Field, fault.Rule = message.OutOfSequence, "sequence", fmt.Sprintf("%d comes next", due)
	case numbered && fault.Sequence != 0:
		if answered, err := s.refusedBefore(v, int(fault.Sequence), payload); err != nil || answered {
			return err
		}
	}
	if numbered && fault.Sequence == uint64(due) {
		return s.refuseDue(v, due, payload, fault)
	}
	cause := &store.Cause{}
	if fault.Sequence > uint64(due) || !s.Store.In.Refused(int(fault.Sequence), contentOf(payload)) { // the core was told of it
		cause.Notice = s.noticeOf(fault, payload)
	}
	return s.say(fault.Reject(0), cause)
}

// refuseDue refuses the message that is due, and counts it as received.
func (s *Session) refuseDue(v *visit, due int, payload []byte, fault *message.Fault) error {
	_, generation, _ := s.Store.Entry()
	s.Store.In.AwaitConfirm(due)
	if err := s.Store.In.Count(); err != nil {
		return err
	}
	err := s.say(fault.Reject(0), &store.Cause{
		Confirms: due, Refuses: due, Generation: generation, Content: contentOf(payload), Notice: s.noticeOf(fault, payload),
	})
	if err != nil { // it was not answered, so it does not count as received
		err = errors.Join(err, s.Store.In.SetNext(due))
		s.Store.In.Confirm(generation, due)
		return err
	}
	s.taken.note(due, "", v.number)
	s.refused.note(due, v.number)
	return nil
}

// refusedBefore reports whether a message was refused before, and the provider has the answer or will read it on this connection. The
// last holder of the session may have refused the message while an earlier one was not safe: then its number is due again, and is
// counted here. A provider that has read that the message is received asks for the answer once more: it gets it.
func (s *Session) refusedBefore(v *visit, number int, payload []byte) (bool, error) {
	if !s.Store.In.Refused(number, contentOf(payload)) {
		return false, nil
	}
	if number == s.Store.In.Next() {
		if err := s.Store.In.Count(); err != nil {
			return false, err
		}
		s.taken.note(number, "", v.number)
		s.refused.note(number, v.number)
		return true, s.say(&message.Status{}, &store.Cause{}) // it says that the message is received
	}
	if !s.refused.before(number, v.number) {
		return false, nil
	}
	received, err := v.received()
	return number > received, err
}

// contentOf identifies a message. A provider sends the same bytes again.
func contentOf(payload []byte) []byte {
	sum := sha256.Sum256(payload)
	return sum[:]
}

// refusedOn has the connections on which refused messages were sent last, by the messages' numbers. Only the goroutine that calls take
// uses it.
type refusedOn map[int]int

func (r *refusedOn) note(number, visit int) {
	if *r == nil || len(*r) >= maxTaken {
		*r = refusedOn{} // what is forgotten counts as sent on an earlier connection
	}
	(*r)[number] = visit
}

// before reports whether a refused message was sent before on an earlier connection only. It then notes the present connection.
func (r *refusedOn) before(number, visit int) bool {
	if (*r)[number] == visit {
		return false
	}
	r.note(number, visit)
	return true
}

func (s *Session) refuse(m message.Request, payload []byte, reason message.Reason, rule string) error {
	fault := message.Fault{
		Reason: reason, Rule: rule, Type: m.Type(), Version: message.Current, Sequence: m.Head().Sequence, Reference: m.Head().Reference,
	}
	if reason == message.OutOfSequence {
		fault.Field = "sequence"
	}
	return s.say(fault.Reject(0), &store.Cause{Notice: s.noticeOf(&fault, payload)})
}

// noticeOf returns what the core is told of a refused message.
func (s *Session) noticeOf(fault *message.Fault, payload []byte) *store.Notice {
	text := fault.Rule
	if fault.Field != "" {
		text = fault.Field + ": " + text
	}
	return s.Refusals.Note(refused.Message{
		Protocol: socketProtocol, Sequence: int64(min(fault.Sequence, math.MaxInt64)), //nolint:gosec // it fits
		Reference: fault.Reference, Code: fault.Reason.String(), Text: text, Bytes: bytes.Clone(payload), Size: len(payload),
	})
}
