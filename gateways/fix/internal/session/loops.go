package session

import "context"

func (s *Session) run(ctx context.Context, name string, body func(context.Context) error) {
	s.loops.Go(ctx, s.named(name), body, s.fail)
}

func (s *Session) stop(ctx context.Context, name string) error {
	return s.loops.Stop(ctx, s.named(name))
}

// named is a loop's name as it is told: whose it is, too.
func (s *Session) named(name string) string { return name + " of " + s.Provider().ID }

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
