package session

import (
	"sync"

	"fxcore/gateways/internal/store"
)

// Bounds of what is held in memory for the provider's connection; a slower one reads from the store.
const (
	recentMessages = 4_096
	recentBytes    = 4 << 20
)

// recent are the last answers, so that a connection that keeps up costs the store no reading.
type recent struct {
	mu       sync.Mutex
	first    int // number of the oldest
	payloads [][]byte
	bytes    int
}

// add takes in the next answer.
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

// from returns answers from one number to another; none if the first is not held.
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
