package session

import (
	"context"
	"fmt"
)

// loop is one of the session's goroutines.
type loop struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
}

func (s *Session) run(ctx context.Context, name string, body func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &loop{name, cancel, make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = append(s.running, l)
	go func() {
		defer close(l.done)
		if err := body(ctx); err != nil {
			s.fail(ctx, fmt.Errorf("%s of %s: %w", name, s.Provider().ID, err))
		}
	}()
}

// fail notes that a loop has ended by itself. The store's does so when another instance has taken the session: then the
// engine must go, too.
func (s *Session) fail(ctx context.Context, err error) {
	s.shared.Log.Error("session ends", "provider", s.Provider().ID, "error", err)
	s.mu.Lock()
	s.failure = err
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainBound)
	defer cancel()
	_ = s.Engine.Stop(ctx) // it has already failed: that is what is shown
}

func (s *Session) stop(ctx context.Context, name string) error {
	for _, l := range s.taken(name) {
		l.cancel()
		select {
		case <-l.done:
		case <-ctx.Done():
			return fmt.Errorf("stop %s of %s: %w", name, s.Provider().ID, ctx.Err())
		}
	}
	return nil
}

// taken removes the loops of a name from those that run.
func (s *Session) taken(name string) (found []*loop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var others []*loop
	for _, l := range s.running {
		if l.name == name {
			found = append(found, l)
		} else {
			others = append(others, l)
		}
	}
	s.running = others
	return found
}
