package session

import "sync"

// untold is the pending answer to the request whose final answer is about to be sent, where nobody has told it: the last holder
// of the session had published the request and came no further. One final answer at a time is sent.
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

// of returns what is to be told before the final answer of a story; nil if nothing is.
func (u *untold) of(id string) []byte {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.id != id {
		return nil
	}
	return u.pending
}
