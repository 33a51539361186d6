package session

import (
	"context"
	"sync"

	"fxcore/gateways/socket/message"
)

// Bounds of what is remembered of undecided requests.
const (
	maxUndecided = 100_000
	recallDepth  = 5_000 // answers that are read at most when the session is taken
)

// undecided are the trades and checks that were asked for and have no final answer, each with how many requests were about it: one
// that came again under another number, or with other content, has an answer of its own.
type undecided struct {
	mu       sync.Mutex
	requests map[string]int
	pending  []pending // as they were told, from the oldest that is still undecided on
}

// pending is a pending answer.
type pending struct {
	number int
	id     string
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

// told takes in the pending answer to a request.
func (u *undecided) told(number int, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pending = append(u.pending, pending{number, id})
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

// since is the number of the oldest pending answer to what is undecided; next if there is none. One that is further back than who
// takes the session reads is forgotten.
func (u *undecided) since(next int) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.pending) > 0 && (u.requests[u.pending[0].id] == 0 || u.pending[0].number < next-recallDepth) {
		u.pending = u.pending[1:]
	}
	if len(u.pending) == 0 {
		return next
	}
	return u.pending[0].number
}

// recall reads from the last answers what is pending: whoever had the session knew it, and from where on it is to be read.
func (s *Session) recall(ctx context.Context, generation, next int) error {
	return s.Store.Kept.Each(ctx, generation, max(1, next-recallDepth, s.Store.Kept.Recall()), next-1, func(number int, payload []byte) {
		if kind, id := message.Story(payload); kind == message.TypePending {
			s.undecided.add(id)
			s.undecided.told(number, id)
		} else if id != "" { // else it is of a newer version, or about no story
			s.undecided.answered(id)
		}
	})
}
