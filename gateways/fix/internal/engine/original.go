package engine

import (
	"bytes"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
)

// maxReceived bounds the messages that are kept until the acceptor has them.
const maxReceived = 1024

// keepReceived keeps a message as it came, if the acceptor gets it in another form.
func (e *Engine) keepReceived(msg, forEngine []byte) {
	seq, same := wire.SeqNum(msg), bytes.Equal(msg, forEngine)
	e.mu.Lock()
	defer e.mu.Unlock()
	if same {
		delete(e.received, seq) // of a former message with this number
		return
	}
	if len(e.received) >= maxReceived { // the acceptor has dropped them, or it would have taken them
		clear(e.received)
	}
	e.received[seq] = bytes.Clone(msg)
}

// asReceived returns the message with a number as it came.
func (a application) asReceived(seq int, m *quickfix.Message) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	if msg, kept := a.received[seq]; kept {
		delete(a.received, seq)
		return msg
	}
	return m.Bytes()
}

// withOriginal puts what the provider sent beside its request.
func (a application) withOriginal(e event.Event, seq int, session string, m *quickfix.Message) (event.Event, quickfix.MessageRejectError) {
	o := story.Original{Protocol: a.facts.BeginString, Session: session, Sequence: seq, Bytes: wire.Original(a.asReceived(seq, m))}
	e, err := o.Beside(e)
	if err != nil { // a request's data is an object: never
		return e, quickfix.NewBusinessMessageRejectError(err.Error(), 0, nil)
	}
	return e, nil
}
