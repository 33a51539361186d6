package client

import (
	"errors"
	"math/rand/v2"
	"sync"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// maxQuestions is how many status requests may wait for a connection.
const maxQuestions = 16

// ErrTooManyQuestions means that too many status requests wait for a connection already.
var ErrTooManyQuestions = errors.New("too many status requests wait for a connection")

// outbox keeps requests until the core confirms them. On each connection it first asks which requests the core has; repeated
// messages may have an old number. Then it sends the requests that the core does not have.
type outbox struct {
	room  chan struct{} // a token for each request that is kept
	wake  chan struct{} // receives a value when there may be something to write
	known chan struct{} // closed when the numbers are known

	mu        sync.Mutex
	first     uint64   // number of the oldest kept request; 0 while it is not known
	kept      [][]byte // packets
	written   int      // how many of them were sent on this connection
	open      bool     // the core has said on this connection which requests it has
	nonce     uint64   // of this connection's first status request
	questions [][]byte // status requests, as packets; each is sent once
}

func newOutbox(capacity int) *outbox {
	return &outbox{room: make(chan struct{}, capacity), wake: make(chan struct{}, 1), known: make(chan struct{})}
}

// connected begins a connection with a status request.
func (o *outbox) connected() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written, o.open, o.nonce = 0, false, rand.Uint64() //nolint:gosec // tells the answers of connections apart, keeps no secret
	packet, err := packetOf(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: o.nonce}})
	o.questions = append([][]byte{packet}, o.questions...)
	return err
}

// ask queues a status request, to be sent once.
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

// add gives a request the next number and keeps it. The caller has taken a token of room.
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

// take returns the packets to write now.
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

// told reads from an answer which requests the core has. Errors: errNotTaken if the oldest request must be sent again;
// ErrForgotten.
func (o *outbox) told(payload []byte) error {
	kind, head, err := message.ParseHead(payload)
	if err != nil {
		return nil // the caller of Next gets the same error
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

// begin sets the number of the next request to the one after those that the core has.
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

// confirmed drops the requests up to a number.
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
