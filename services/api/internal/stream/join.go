package stream

import (
	"context"
	"fmt"
)

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
