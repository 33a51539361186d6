package steps

import (
	"time"

	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/store"
)

// attemptsOf returns the wrong passwords in a row that came for a name, whether there is such a user or not.
func (s *Tokens) attemptsOf(user string, now time.Time) credential.Attempts {
	kept := s.attempts[user]
	if kept == nil || now.Sub(kept.TriedAt) > credential.Forgiven {
		return credential.Attempts{}
	}
	return credential.Attempts{Failures: kept.Failures, NotBefore: kept.NotBefore}
}

// tried notes a password that was checked.
func (s *Tokens) tried(user string, right bool, now time.Time) {
	var attempts credential.Attempts
	if !right {
		attempts = s.attemptsOf(user, now).Failed(now)
	}
	s.attempt(user, attempts, now)
}

func (s *Tokens) attempt(user string, a credential.Attempts, now time.Time) {
	if a.Failures == 0 && s.attempts[user] == nil {
		return
	}
	s.attempts[user] = &store.Attempt{User: user, Failures: a.Failures, NotBefore: a.NotBefore, TriedAt: now}
	s.tries[user] = true
}
