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
	return message.AppendAnswer(nil, a)
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

// Known is the answer again, to a request that the last holder of the session had not counted as received: that it is now
// must be said. What came as a repeat has its own event, and is answered by what that one brings.
func (w written) Known(given store.Answer, r *ingest.Request) ([]byte, bool) {
	if r.Seq == 0 {
		return nil, false
	}
	payload, err := w.Again(given, r.Event)
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
