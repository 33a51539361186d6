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
	next := max(1, nextOut-recallDepth)
	for next < nextOut && ctx.Err() == nil {
		sent, err := s.store.Stored(ctx, generation, next, nextOut-1)
		if err != nil {
			return err
		}
		if len(sent) == 0 {
			return nil
		}
		for _, m := range sent {
			s.undecided.told(m.Body)
			next = m.Seq + 1
		}
	}
	return ctx.Err()
}

// told takes in an answer that was told.
func (u *undecided) told(payload []byte) {
	answer, err := message.ParseAnswer(payload)
	if err != nil {
		return // of a newer version: what it decides is in the store
	}
	switch a := answer.(type) {
	case *message.Pending:
		u.add(a.ID)
	case *message.Executed:
		u.remove(a.TradeID)
	case *message.TradeRejected:
		u.remove(a.TradeID)
	case *message.ReportAnswered:
		u.remove(a.TradeID)
	case *message.LineChecked:
		u.remove(a.CheckID)
	}
}
