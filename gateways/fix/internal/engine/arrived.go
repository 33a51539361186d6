package engine

import (
	"bytes"
	"maps"
	"sync"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/refused"
)

// Bounds of arrived. Most messages are dropped soon.
const (
	fewArrived  = 1_024   // as many may lie there needlessly
	maxArrived  = 16_384  // a refusal beyond it is not noted
	heldArrived = 8 << 20 // bytes; of a message beyond it, only the size is known
)

// arrival is a message of the provider's on its way to the acceptor.
type arrival struct {
	content   []byte // see store.Incoming.Refused
	beginning []byte // as it was received, at most refused.MaxBytes
	size      int    // of the whole message
}

// original returns the beginning of the message with its secrets masked.
func (a arrival) original() []byte {
	if len(a.beginning) < a.size {
		return wire.Beginning(a.beginning)
	}
	return wire.Original(a.beginning)
}

// arrived has the messages on their way to the acceptor, by their numbers. quickfix does not say which message it refuses, only its
// number. The zero value is empty.
type arrived struct {
	mu    sync.Mutex
	byNum map[int]arrival
	limit int // from which on it looks for what is not needed any more
	held  int // bytes of beginnings
}

// note notes a message. due returns the number that the acceptor expects.
func (r *arrived) note(seq int, content []byte, came wire.Piece, due func() int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byNum == nil {
		r.byNum, r.limit = map[int]arrival{}, fewArrived
	}
	if len(r.byNum) >= r.limit {
		r.prune(due())
	}
	r.forget(seq)
	one := arrival{content: content, size: came.Size}
	if beginning := came.Bytes[:min(len(came.Bytes), refused.MaxBytes)]; r.held+len(beginning) <= heldArrived {
		one.beginning = bytes.Clone(beginning)
		r.held += len(beginning)
	}
	r.byNum[seq] = one
}

// prune drops what is not needed any more: the acceptor has the messages before the one that is due. The caller holds mu.
func (r *arrived) prune(due int) {
	maps.DeleteFunc(r.byNum, func(number int, _ arrival) bool { return number < due })
	if len(r.byNum) >= maxArrived {
		clear(r.byNum)
	}
	r.limit, r.held = max(fewArrived, 2*len(r.byNum)), 0
	for _, one := range r.byNum {
		r.held += len(one.beginning)
	}
}

// forget drops one message, and returns it. The caller holds mu.
func (r *arrived) forget(seq int) arrival {
	one := r.byNum[seq]
	delete(r.byNum, seq)
	r.held -= len(one.beginning)
	return one
}

// drop returns a message, and forgets it; the zero value if it is not known.
func (r *arrived) drop(seq int) arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.forget(seq)
}

func (r *arrived) dropAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byNum)
	r.held = 0
}
