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

// undecided are the trades and checks that were asked for and have no final answer.
type undecided struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (u *undecided) add(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[string]bool{}
	}
	if len(u.ids) < maxUndecided {
		u.ids[id] = true
	}
}

func (u *undecided) remove(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.ids, id)
}

func (u *undecided) has(id string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.ids[id]
}

// recall reads from the last answers what is pending: whoever had the session knew it.
func (s *Session) recall(ctx context.Context, generation, nextOut int) error {
	return s.store.Each(ctx, generation, max(1, nextOut-recallDepth), nextOut-1, s.undecided.told)
}

// told takes in an answer that was told.
func (u *undecided) told(payload []byte) {
	switch kind, id := message.Story(payload); {
	case id == "": // of a newer version, or about no story
	case kind == message.TypePending:
		u.add(id)
	default:
		u.remove(id)
	}
}
