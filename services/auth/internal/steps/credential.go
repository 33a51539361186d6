package steps

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// setCredential is the step of credential.commanded. The user's tokens are revoked: they were got by the former credential.
type setCredential struct{ asked messages.Credential }

func readCredential(s *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
	asked, err := messages.ReadCredential(e)
	if err != nil {
		return nil, err
	}
	if e.Origin != contract.Operations {
		return nil, fmt.Errorf("set the credential of user %s: only on-call may, at a shell", asked.User)
	}
	if asked.Sealed, err = s.reseal(asked); err != nil {
		return nil, err
	}
	return setCredential{asked}, nil
}

// Want asks for the user's credential and tokens.
func (c setCredential) Want(s *Tokens) {
	s.users, s.tokensOf = append(s.users, c.asked.User), append(s.tokensOf, c.asked.User)
}

// Decide keeps or removes the credential, and ends a wait after wrong passwords.
func (c setCredential) Decide(s *Tokens, now time.Time, e event.Event) ([]event.Event, error) {
	delete(s.changed, c.asked.User)
	delete(s.removed, c.asked.User)
	if c.asked.Removes() {
		s.removed[c.asked.User] = true
		delete(s.credentials, c.asked.User)
	} else {
		s.changed[c.asked.User] = true
		s.credentials[c.asked.User] = &store.Credential{
			User: c.asked.User, Kind: c.asked.Grant, Client: c.asked.Client, Sealed: c.asked.Sealed,
			SetBy: c.asked.By, SetWhy: c.asked.Reason, SetAt: now,
		}
	}
	s.attempt(c.asked.User, credential.Attempts{}, now)
	return s.revokeAll(e, now, access.Revoke{User: c.asked.User, By: c.asked.By, Reason: c.asked.Reason})
}

// reseal returns what is sealed in the command, sealed by the key in use: the command may be from before a change of keys. Error: auth cannot open
// it.
func (s *Tokens) reseal(c messages.Credential) ([]byte, error) {
	if c.Removes() {
		return nil, nil
	}
	sealed, _, err := credential.Reseal(s.issuing.Keys.Now(), c.User, c.Sealed)
	return sealed, err
}
