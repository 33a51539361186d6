package session

import "sync"

// untold makes the pending answer to a request whose final answer is sent next, if the provider has not got it: the last holder
// of the session published the request and then failed. Final answers are sent one at a time.
type untold struct {
	mu      sync.Mutex
	id      string
	pending []byte
}

func (u *untold) note(id string, pending []byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.id, u.pending = id, pending
}

// of returns the pending answer that was noted last, if it belongs to this trade or check; else nil. The caller knows
// whether it was sent already.
func (u *untold) of(id string) []byte {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.id != id {
		return nil
	}
	return u.pending
}
