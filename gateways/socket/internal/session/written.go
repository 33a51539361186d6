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

// written is the teller's dialect: it encodes the answers of the protocol's dialect.
type written struct{ session *Session }

func (w written) FromEvent(e event.Event) ([]byte, error) {
	a, err := w.session.dialect.FromEvent(e)
	if err != nil {
		return nil, err
	}
	return message.AppendAnswer(nil, a)
}

// Pending returns the pending answer to a request, or to the request that e decides. Every request gets one.
func (w written) Pending(e event.Event) ([]byte, bool) {
	a, err := w.session.dialect.Pending(e)
	if err != nil {
		return nil, false // cannot happen: the gateway made the event itself
	}
	payload, err := message.AppendAnswer(nil, a)
	return payload, err == nil
}

// Again returns the stored answer for a request that came again.
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

// Clash returns the rejection of a request whose reference was used before. Its ids are those of the request in its own words.
func (w written) Clash(e event.Event, _ *store.Answer) ([]byte, error) { return w.FromEvent(e) }

// Known answers a request that came again after its final answer.
//
// The last holder may have published and answered this very request and failed before it counted it. Then the core sees the
// same event again and does not answer. Known returns a status, which tells the provider that the request is received. For
// another request with the same reference, which the core answers, Known returns the pending answer. It returns false for
// a request without a number of its own, see Session.repeated.
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

// kept is a final answer with the generation and number under which it was first sent.
type kept struct {
	generation, number int
	payload            []byte
}

// placeSize is the length of generation and number in a kept answer, in bytes.
const placeSize = 8

// split returns what the store keeps of a final answer: generation and number in four bytes each, then the message.
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
