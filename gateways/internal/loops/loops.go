// Package loops are the goroutines of one session: started one by one, stopped by name.
package loops

import (
	"context"
	"fmt"
	"sync"
)

// Loops run until they are stopped. The zero value has none.
type Loops struct {
	mu      sync.Mutex
	running []*loop // in the order of their start
}

type loop struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
}

// Go starts a loop. The loop ends when it is stopped, not when ctx ends. If body returns an error, even after a stop,
// the loop calls failed with it. The loop has not ended before failed returns, so failed must not stop this loop.
func (l *Loops) Go(ctx context.Context, name string, body func(context.Context) error, failed func(context.Context, error)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	one := &loop{name, cancel, make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = append(l.running, one)
	go func() {
		defer close(one.done)
		if err := body(ctx); err != nil {
			failed(ctx, fmt.Errorf("%s: %w", name, err))
		}
	}()
}

// Stop ends the loops of a name, and returns when ctx ends at the latest.
func (l *Loops) Stop(ctx context.Context, name string) error {
	for _, one := range l.taken(name) {
		one.cancel()
		select {
		case <-one.done:
		case <-ctx.Done():
			return fmt.Errorf("stop %s: %w", name, ctx.Err())
		}
	}
	return nil
}

// taken removes the loops of a name from those that run.
func (l *Loops) taken(name string) (found []*loop) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var others []*loop
	for _, one := range l.running {
		if one.name == name {
			found = append(found, one)
		} else {
			others = append(others, one)
		}
	}
	l.running = others
	return found
}
