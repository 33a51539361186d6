package amqp

import (
	"context"
	"time"
)

// longestRest bounds how long a consumer of a queue that yields rests after a batch.
const longestRest = time.Second

// rest pauses for as long as a batch took, where the queue yields. It returns early when a context ends.
func (b *Bus) rest(ctx, session context.Context, queue string, took time.Duration) {
	if q, _ := b.declared().queue(queue); !q.Yields {
		return
	}
	timer := time.NewTimer(min(took, longestRest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-session.Done():
	case <-timer.C:
	}
}
