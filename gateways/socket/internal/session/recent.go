package session

import (
	"sync"

	"fxcore/gateways/internal/store"
)

// Bounds of the answers in memory. A connection that is further behind reads from the store.
const (
	recentMessages = 4_096
	recentBytes    = 4 << 20
)

// recent has the last answers in memory, so that a connection that keeps up does not read from the store.
type recent struct {
	mu       sync.Mutex
	first    int // number of the oldest
	payloads [][]byte
	bytes    int
}

// add appends the next answer, and drops the oldest beyond the bounds.
func (r *recent) add(number int, payload []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number != r.first+len(r.payloads) {
		r.first, r.payloads, r.bytes = number, nil, 0
	}
	r.payloads = append(r.payloads, payload)
	r.bytes += len(payload)
	for len(r.payloads) > recentMessages || r.bytes > recentBytes {
		r.bytes -= len(r.payloads[0])
		r.payloads[0] = nil
		r.payloads = r.payloads[1:]
		r.first++
	}
}

// from returns the answers from number to last that are in memory; none if the first of them is not.
func (r *recent) from(number, last int) []store.Sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number < r.first {
		return nil
	}
	var found []store.Sent
	for ; number <= last && number < r.first+len(r.payloads); number++ {
		found = append(found, store.Sent{Seq: number, Body: r.payloads[number-r.first]})
	}
	return found
}

// has reports whether the answer with this number is in memory.
func (r *recent) has(number int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return number >= r.first && number < r.first+len(r.payloads)
}
