package client

import (
	"errors"
	"math/rand/v2"
	"sync"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// maxQuestions bounds the status requests that wait for a connection.
const maxQuestions = 16

// ErrTooManyQuestions tells that status requests already wait for a connection.
var ErrTooManyQuestions = errors.New("too many status requests wait for a connection")

// outbox keeps requests until the core has them. On each connection it first asks how far the core received: what is in
// the messages that are told again may be old news. Then it sends what the core does not have.
type outbox struct {
	room  chan struct{} // one for each request that is kept
	wake  chan struct{} // there may be something to write
	known chan struct{} // closed once the numbers are known

	mu        sync.Mutex
	first     uint64   // number of the oldest request kept; 0: not known yet
	kept      [][]byte // packets
	written   int      // how many of them went out on this connection
	open      bool     // the core has told on this connection how far it received
	nonce     uint64   // of the question on this connection
	questions [][]byte // packets, sent once
}

func newOutbox(capacity int) *outbox {
	return &outbox{room: make(chan struct{}, capacity), wake: make(chan struct{}, 1), known: make(chan struct{})}
}

// connected begins a connection: with the question.
func (o *outbox) connected() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written, o.open, o.nonce = 0, false, rand.Uint64()
	packet, err := packetOf(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: o.nonce}})
	o.questions = append([][]byte{packet}, o.questions...)
	return err
}

// ask has a status request sent once.
func (o *outbox) ask(r *message.StatusRequest) error {
	packet, err := packetOf(r)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.questions) > maxQuestions {
		return ErrTooManyQuestions
	}
	o.questions = append(o.questions, packet)
	o.signal()
	return nil
}

// add keeps a request, for which there is room, under the next number.
func (o *outbox) add(r message.Request) (number uint64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	number = o.first + uint64(len(o.kept))
	r.Head().Sequence = number
	packet, err := packetOf(r)
	if err != nil {
		<-o.room
		return 0, err
	}
	o.kept = append(o.kept, packet)
	o.signal()
	return number, nil
}

// take returns what is to be written now, in packets.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []byte
	for _, packet := range o.questions {
		out = append(out, packet...)
	}
	o.questions = nil
	if !o.open {
		return out
	}
	for _, packet := range o.kept[o.written:] {
		out = append(out, packet...)
	}
	o.written = len(o.kept)
	return out
}

// told takes in what an answer says. It fails with errNotTaken if the oldest request must be sent again, and with
// ErrForgotten.
func (o *outbox) told(payload []byte) error {
	kind, head, err := message.ParseHead(payload)
	if err != nil {
		return nil // whoever reads the message finds out
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if kind == message.TypeStatus && head.Sequence == o.nonce && head.Reference == "" {
		return o.begin(head.Received)
	}
	if kind == message.TypeBusinessReject && o.open && len(o.kept) > 0 && head.Sequence == o.first && head.Received < o.first {
		return errNotTaken
	}
	o.confirmed(head.Received)
	return nil
}

// begin has the numbers go on after what the core received.
func (o *outbox) begin(received uint64) error {
	switch {
	case o.first == 0:
		o.first = received + 1
		close(o.known)
	case received+1 < o.first:
		return ErrForgotten
	}
	o.confirmed(received)
	o.open = true
	o.signal()
	return nil
}

// confirmed lets go of the requests up to a number.
func (o *outbox) confirmed(received uint64) {
	for len(o.kept) > 0 && o.first <= received {
		o.kept[0] = nil
		o.kept = o.kept[1:]
		o.first++
		o.written = max(o.written-1, 0)
		<-o.room
	}
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func packetOf(r message.Request) ([]byte, error) {
	payload, err := message.AppendRequest(nil, r)
	if err != nil {
		return nil, err
	}
	return soup.Append(nil, soup.TypeUnsequenced, payload)
}
