package session

import (
	"context"
	"sync"

	"fxcore/gateways/socket/message"
)

// Bounds of the memory of undecided requests.
const (
	maxUndecided = 100_000
	recallDepth  = 5_000 // at most so many answers are read when the session is taken
)

// undecided has the trades and line checks without a final answer, each with the number of its unanswered requests. A request
// that came again under another number or with other content gets its own answer.
type undecided struct {
	mu       sync.Mutex
	requests map[string]int
	pending  []pending // in the order of their numbers, from the oldest that is still undecided
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

// told notes that a request got its pending answer.
func (u *undecided) told(number int, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pending = append(u.pending, pending{number, id})
}

// answered notes that one request got an answer that is not pending.
func (u *undecided) answered(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := u.requests[id]; n > 1 {
		u.requests[id] = n - 1
	} else {
		delete(u.requests, id)
	}
}

// decided notes that the trade or check got its final answer.
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

// since returns the number of the oldest pending answer to an undecided request, or next if there is none. It forgets answers
// that are more than recallDepth back: the next holder would not read them.
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

// recall rebuilds the undecided requests from the last answers. The last holder stored the number at which to begin.
func (s *Session) recall(ctx context.Context, generation, next int) error {
	return s.Store.Kept.Each(ctx, generation, max(1, next-recallDepth, s.Store.Kept.Recall()), next-1, func(number int, payload []byte) {
		if kind, id := message.Story(payload); kind == message.TypePending {
			s.undecided.add(id)
			s.undecided.told(number, id)
		} else if id != "" { // an empty id: a newer version, or an answer about no trade or check
			s.undecided.answered(id)
		}
	})
}
