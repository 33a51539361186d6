package steps

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
)

// revoke is the step of token.commanded.
type revoke struct{ asked access.Revoke }

func readRevoke(_ *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
	asked, err := messages.ReadRevoke(e)
	return revoke{asked}, err
}

// Want asks for the tokens. With all tokens of a user it also asks for the credential: its lock makes a request for a token wait.
func (r revoke) Want(s *Tokens) {
	if r.asked.User != "" {
		s.users, s.tokensOf = append(s.users, r.asked.User), append(s.tokensOf, r.asked.User)
		return
	}
	s.hashes = append(s.hashes, r.asked.TokenHash)
}

// Decide revokes. A token that auth does not know, or that is revoked already, needs nothing. Error: who revokes has no right to.
func (r revoke) Decide(s *Tokens, now time.Time, e event.Event) ([]event.Event, error) {
	token, known := s.tokens[r.asked.TokenHash]
	owner := r.asked.User
	if r.asked.TokenHash != "" {
		if !known || token.RevokedAt != nil {
			return nil, nil
		}
		owner = token.User
	}
	if !r.may(s, now, e, owner) {
		return nil, fmt.Errorf("revoke a token of user %s: user %s has no right to revoke tokens of others", owner, r.asked.By)
	}
	if r.asked.User != "" {
		return s.revokeAll(e, now, r.asked)
	}
	s.revoke(token, now, r.asked)
	return contract.One(e.Next(contract.TokenRevoked, access.Revoked{
		TokenHash: r.asked.TokenHash, By: r.asked.By, Reason: r.asked.Reason, RevokedAt: now,
	}))
}

// may reports whether the caller may revoke: a person at the shell, the owner, or a user with the right.
func (r revoke) may(s *Tokens, now time.Time, e event.Event, owner string) bool {
	if e.Origin == contract.Operations || r.asked.By == owner {
		return true
	}
	by, known := s.directory.Users.Records[r.asked.By]
	return known && s.directory.Users.Usable(now) && by.Holder("").Reach(rights.RevokeTokens) == rights.All
}

// revokeAll revokes all tokens of a user that auth has issued. The API is told even if auth knows none. The message names a time, which is
// that of the newest of these tokens if that is later than now: while this replica waited for the lock, another one, or one whose clock
// is ahead, has issued it.
func (s *Tokens) revokeAll(e event.Event, now time.Time, asked access.Revoke) ([]event.Event, error) {
	until := now
	for _, hash := range slices.Sorted(maps.Keys(s.tokens)) {
		if t := s.tokens[hash]; t.User == asked.User && t.RevokedAt == nil {
			s.revoke(t, now, asked)
			until = later(until, t.IssuedAt)
		}
	}
	return contract.One(e.Next(contract.TokenRevoked, access.Revoked{User: asked.User, By: asked.By, Reason: asked.Reason, RevokedAt: until}))
}

func later(one, other time.Time) time.Time {
	if other.After(one) {
		return other
	}
	return one
}

func (s *Tokens) revoke(t *store.Token, now time.Time, asked access.Revoke) {
	t.RevokedAt, t.RevokedBy, t.RevokedWhy = &now, asked.By, asked.Reason
	if !s.issued[t.Hash] { // a new one is inserted as it is now
		s.revoked[t.Hash] = true
	}
}
