package stream

import (
	"context"
	"fmt"
)

// Follow returns a channel that gets a value after the trade has changed. Changes before Follow returns do not count.
func (h *Hub) Follow(ctx context.Context, trade string) (changed <-chan struct{}, stop func(), err error) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	if h.follows[trade] == nil {
		h.follows[trade] = map[chan struct{}]bool{}
	}
	h.follows[trade][c] = true
	h.mu.Unlock()
	leave, err := h.join(ctx)
	stop = func() {
		h.mu.Lock()
		delete(h.follows[trade], c)
		if len(h.follows[trade]) == 0 {
			delete(h.follows, trade)
		}
		h.mu.Unlock()
		leave()
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return c, stop, nil
}

// tell wakes those who follow a trade of the frame. It is called with the lock held.
func (h *Hub) tell(f *Frame) {
	for _, t := range f.trades {
		for c := range h.follows[t.ID] {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}

// join counts the caller as one who listens, and returns once the hub has a position. leave must be called in any case.
func (h *Hub) join(ctx context.Context) (leave func(), err error) {
	h.mu.Lock()
	h.present++
	h.mu.Unlock()
	leave = func() {
		h.mu.Lock()
		h.present--
		h.mu.Unlock()
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
	for {
		h.mu.Lock()
		at, moved := h.at, h.moved
		h.mu.Unlock()
		if at != 0 {
			return leave, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return leave, fmt.Errorf("wait for the read model: %w", ctx.Err())
		}
	}
}
