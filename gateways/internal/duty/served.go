package duty

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// served gives back the leases that this instance holds and does not serve, so that another instance can serve the sessions. It then
// leaves such a lease alone for a while, which grows with each time, so that an instance without a chance does not take it again and again.
type served struct {
	held   func() []string // providers whose leases this instance holds
	serves func(provider string) (yes bool, failed error)
	rest   func(provider string, length time.Duration) // gives a lease back, and does not take it again for a while
	log    *slog.Logger

	mu    sync.Mutex
	terms map[string]*service
}

// service is what is known of one held session.
type service struct {
	unserved time.Time // since when it is not served; zero while it is
	since    time.Time // since when it is served; zero while it is not
	given    int       // how often in a row it was given back
}

const (
	servedLook = time.Second      // between two looks at the leases
	takeBound  = 10 * time.Second // for a session to be taken, or to be made anew
	restFirst  = time.Second      // for this long a lease rests that was given back once; twice that the second time, and so on
	restMost   = 15 * time.Second // at most
	provenFor  = time.Minute      // a session that was served for so long begins with restFirst again
)

var (
	errNotTaken = errors.New("it could not be taken")
	errTooLong  = errors.New("it is not served for too long")
)

// run looks at the leases until ctx ends.
func (s *served) run(ctx context.Context) error {
	tick := time.NewTicker(servedLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.look(time.Now())
		}
	}
}

// look gives back each lease whose session has ended by itself, or is not served for takeBound.
func (s *served) look(now time.Time) {
	held := map[string]bool{}
	for _, provider := range s.held() {
		held[provider] = true
		yes, failed := s.serves(provider)
		if failed == nil {
			failed = s.note(provider, yes, now)
		}
		if failed != nil {
			s.giveBack(provider, failed)
		}
	}
	s.forget(held)
}

// note notes whether a session is served. It returns an error once it was not for takeBound.
func (s *served) note(provider string, yes bool, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.of(provider)
	switch {
	case yes && one.since.IsZero():
		one.since, one.unserved = now, time.Time{}
	case yes && now.Sub(one.since) >= provenFor:
		one.given = 0
	case !yes && one.unserved.IsZero():
		one.unserved, one.since = now, time.Time{}
	case !yes && now.Sub(one.unserved) >= takeBound:
		return errTooLong
	}
	return nil
}

// forget ends the times of the sessions that are not held. How often they were given back stays known.
func (s *served) forget(held map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for provider, one := range s.terms {
		if !held[provider] {
			one.unserved, one.since = time.Time{}, time.Time{}
		}
	}
}

func (s *served) giveBack(provider string, why error) {
	s.mu.Lock()
	one := s.of(provider)
	length := min(restFirst<<min(one.given, 10), restMost)
	one.given++
	one.unserved, one.since = time.Time{}, time.Time{}
	s.mu.Unlock()
	s.log.Warn("session is not served here, its lease is given back", "provider", provider, "rests", length.String(), "error", why)
	s.rest(provider, length)
}

// of returns what is known of a session. The caller holds mu.
func (s *served) of(provider string) *service {
	if s.terms == nil {
		s.terms = map[string]*service{}
	}
	if s.terms[provider] == nil {
		s.terms[provider] = &service{}
	}
	return s.terms[provider]
}
