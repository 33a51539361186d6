package messages

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// ReadIssued decodes token.issued.
func ReadIssued(e event.Event) (access.Issued, error) {
	i, err := read[access.Issued](e)
	return i, checkToken(err, i.TokenHash, i.User, i.Desk, i.Client, i.Audience, strings.Join(i.Roles, ""), strings.Join(i.Scope, ""))
}

// ReadTokenRefused decodes token.refused.
func ReadTokenRefused(e event.Event) (access.Refused, error) {
	r, err := read[access.Refused](e)
	return r, checkToken(err, r.TokenHash, r.Code, r.Text)
}

// ReadRevoked decodes token.revoked.
func ReadRevoked(e event.Event) (access.Revoked, error) {
	r, err := read[access.Revoked](e)
	if err == nil && (r.TokenHash == "") == (r.User == "") {
		err = errors.New("a revocation names a token or a user, not both")
	}
	if err == nil && r.User != "" {
		return r, checkTexts(r.User)
	}
	return r, checkToken(err, r.TokenHash)
}

func checkToken(err error, hash string, texts ...string) error {
	if err == nil {
		err = errors.Join(access.CheckHash(hash), checkTexts(texts...))
	}
	if err != nil {
		return fmt.Errorf("read what became of a token: %w", err)
	}
	return nil
}

// checkTexts refuses the one character that Postgres cannot store.
func checkTexts(texts ...string) error {
	for _, text := range texts {
		if strings.ContainsRune(text, 0) {
			return errors.New("a text has a NUL character")
		}
	}
	return nil
}

// AskForToken returns the event by which a caller proves who it is. deadline is when auth must have answered.
func AskForToken(r access.Requested, now, deadline time.Time) (event.Event, error) {
	story := event.NewID(event.DayOf(now), "token", r.TokenHash)
	e, err := event.New(contract.TokenRequested, event.ChildID(story, "requested"), contract.API, story, r)
	e.Time, e.Deadline = now, deadline
	return e, err
}

// Revoke returns the event by which a caller gives a token back.
func Revoke(r access.Revoke, now time.Time) (event.Event, error) {
	story := event.NewID(event.DayOf(now), "token", r.TokenHash, r.User)
	e, err := event.New(contract.TokenCommanded, event.ChildID(story, "revoked", now.Format(time.RFC3339Nano)), contract.API, story, r)
	e.Time = now
	return e, err
}
