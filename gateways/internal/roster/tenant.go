package roster

import (
	"context"
	"errors"
	"sync"

	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/seat"
)

// Gained fills the provider's seat. This instance has the lease of the session until ctx ends.
func (r *Roster[P, S]) Gained(ctx context.Context, provider string, epoch int64) {
	if s := r.seat(provider); s != nil {
		s.Fill(ctx, epoch, r.gateway.Log)
	}
}

// Lost empties the provider's seat. The lease has ended.
func (r *Roster[P, S]) Lost(provider string) {
	if s := r.seat(provider); s != nil {
		s.Empty(r.gateway.Log)
	}
}

// Active reports whether this instance serves a provider's session. The channel is closed when that changes.
func (r *Roster[P, S]) Active(provider string) (yes bool, changed <-chan struct{}) {
	if s := r.seat(provider); s != nil {
		return s.Active()
	}
	return false, nil
}

// Serves reports whether this instance serves a provider's session. See duty.Tenant.
func (r *Roster[P, S]) Serves(provider string) (yes bool, failed error) {
	if s := r.seat(provider); s != nil {
		return s.Serves()
	}
	return false, nil
}

// sessions returns the present state of all sessions that this instance could serve.
func (r *Roster[P, S]) sessions() []duty.Session {
	var all []duty.Session
	for _, s := range r.seats() {
		status := s.Status()
		all = append(all, duty.Session{Provider: s.Name(), LoggedOn: status.LoggedOn, Since: status.Since})
	}
	return all
}

// prepare makes a session ahead at each seat, concurrently.
func (r *Roster[P, S]) prepare() error {
	return r.each(func(s *seat.Seat[P, S]) error { s.Prepare(); return nil })
}

// close discards the sessions that were made ahead. Gained and Lost must not be called after it.
func (r *Roster[P, S]) close(ctx context.Context) error {
	return r.each(func(s *seat.Seat[P, S]) error { return s.Close(ctx) })
}

func (r *Roster[P, S]) each(do func(*seat.Seat[P, S]) error) error {
	seats := r.seats()
	errs := make([]error, len(seats))
	var all sync.WaitGroup
	for i, s := range seats {
		all.Go(func() { errs[i] = do(s) })
	}
	all.Wait()
	return errors.Join(errs...)
}
