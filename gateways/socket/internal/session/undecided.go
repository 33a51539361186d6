package session

import (
	"context"
	"sync"

	"fxcore/gateways/socket/message"
)

// Bounds of what is remembered of undecided requests.
const (
	maxUndecided = 100_000
	recallDepth  = 5_000 // answers that are read when the session is taken
)

// undecided are the trades and checks that were asked for and have no final answer, each with how many requests were about it: one
// that came again under another number, or with other content, has an answer of its own.
type undecided struct {
	mu       sync.Mutex
	requests map[string]int
}

func (u *undecided) add(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.requests == nil {
		u.requests = map[string]int{}
	}
	if len(u.requests) < maxUndecided {
		u.requests[id]++
	}
}

// answered takes in the answer to one request.
func (u *undecided) answered(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := u.requests[id]; n > 1 {
		u.requests[id] = n - 1
	} else {
		delete(u.requests, id)
	}
}

// decided takes in the final answer.
func (u *undecided) decided(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.requests, id)
}

func (u *undecided) has(id string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.requests[id] > 0
}

// recall reads from the last answers what is pending: whoever had the session knew it.
func (s *Session) recall(ctx context.Context, generation, nextOut int) error {
	return s.store.Each(ctx, generation, max(1, nextOut-recallDepth), nextOut-1, func(payload []byte) {
		if kind, id := message.Story(payload); kind == message.TypePending {
			s.undecided.add(id)
		} else if id != "" { // else it is of a newer version, or about no story
			s.undecided.answered(id)
		}
	})
}
