package session

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/internal/dialect"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// written is the dialect's answers as bytes: the teller's dialect.
type written struct{ session *Session }

func (w written) FromEvent(e event.Event) ([]byte, error) {
	a, err := w.session.dialect.FromEvent(e)
	if err != nil {
		return nil, err
	}
	if !w.session.undecided.has(e.Correlation) {
		w.session.untold.note(e.Correlation, w.pendingOf(e))
	}
	return message.AppendAnswer(nil, a)
}

// pendingOf is the pending answer to the request whose story ends with e.
func (w written) pendingOf(e event.Event) []byte {
	payload, _ := w.Pending(e)
	return payload
}

// Pending is the answer to every request.
func (w written) Pending(e event.Event) ([]byte, bool) {
	a, err := w.session.dialect.Pending(e)
	if err != nil {
		return nil, false // cannot be: it is our own event
	}
	payload, err := message.AppendAnswer(nil, a)
	return payload, err == nil
}

// Again is the answer as it was, to the request that came again.
func (w written) Again(given store.Answer, repeated event.Event) ([]byte, error) {
	a, err := readKept(given)
	if err != nil {
		return nil, err
	}
	payload := bytes.Clone(a.payload)
	if sequence := dialect.Sequence(repeated); sequence != 0 {
		message.SetSequence(payload, sequence)
	}
	return payload, nil
}

// Known says how far we received, where the last holder of the session had not counted a request that it has answered: the
// core has seen it and says nothing more, the answer has its place in the session, and that the request is received now must
// be said. What came as a repeat, by its number or its reference, has its own event: the core answers it.
func (w written) Known(given store.Answer, r *ingest.Request) ([]byte, bool) {
	if r.Seq == 0 {
		return nil, false
	}
	a, err := readKept(given)
	if err != nil {
		return w.Pending(r.Event)
	}
	if _, head, err := message.ParseHead(a.payload); err != nil || head.Sequence != uint64(r.Seq) {
		return w.Pending(r.Event)
	}
	payload, err := message.AppendAnswer(nil, &message.Status{})
	return payload, err == nil
}

// kept is a final answer with the place where it was told first.
type kept struct {
	generation, number int
	payload            []byte
}

// placeSize is how much of a kept answer is its place.
const placeSize = 8

// split is what the store keeps of a final answer: generation and number, four bytes each, and the message.
func split(m store.Sent) (kind string, body []byte) {
	body = binary.BigEndian.AppendUint32(make([]byte, 0, placeSize+len(m.Body)), uint32(m.Generation))
	body = binary.BigEndian.AppendUint32(body, uint32(m.Seq))
	return string(m.Body[:1]), append(body, m.Body...)
}

func readKept(a store.Answer) (kept, error) {
	if len(a.Body) <= placeSize {
		return kept{}, fmt.Errorf("kept answer has %d bytes", len(a.Body))
	}
	return kept{
		generation: int(binary.BigEndian.Uint32(a.Body)), number: int(binary.BigEndian.Uint32(a.Body[4:])), payload: a.Body[placeSize:],
	}, nil
}
