package signin

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// readIssued decodes token.issued. An error means that e can never be handled; so it does for all readers here.
func readIssued(e event.Event) (access.Issued, error) {
	i, err := read[access.Issued](e)
	return i, checkToken(err, i.TokenHash, i.User, i.Desk, i.Client, i.Audience, strings.Join(i.Roles, ""), strings.Join(i.Scope, ""))
}

// readRefused decodes token.refused.
func readRefused(e event.Event) (access.Refused, error) {
	r, err := read[access.Refused](e)
	return r, checkToken(err, r.TokenHash, r.Code, r.Text)
}

// readRevoked decodes token.revoked.
func readRevoked(e event.Event) (access.Revoked, error) {
	r, err := read[access.Revoked](e)
	if err == nil && (r.TokenHash == "") == (r.User == "") {
		err = errors.New("a revocation names a token or a user, not both")
	}
	if err == nil && r.User != "" {
		return r, contract.CheckTexts(r.User)
	}
	return r, checkToken(err, r.TokenHash)
}

func checkToken(err error, hash string, texts ...string) error {
	if err == nil {
		err = errors.Join(access.CheckHash(hash), contract.CheckTexts(texts...))
	}
	if err != nil {
		return fmt.Errorf("read what became of a token: %w", err)
	}
	return nil
}

// askForToken returns the event by which a caller proves who it is. deadline is when auth must have answered.
func askForToken(r access.Requested, now, deadline time.Time) (event.Event, error) {
	story := event.NewID(event.DayOf(now), "token", r.TokenHash)
	e, err := event.New(contract.TokenRequested, event.ChildID(story, "requested"), contract.API, story, r)
	e.Time, e.Deadline = now, deadline
	return e, err
}

// Revocation returns the event by which a caller gives a token back, or ends all tokens of a user.
func Revocation(r access.Revoke, now time.Time) (event.Event, error) {
	story := event.NewID(event.DayOf(now), "token", r.TokenHash, r.User)
	e, err := event.New(contract.TokenCommanded, event.ChildID(story, "revoked", now.Format(time.RFC3339Nano)), contract.API, story, r)
	e.Time = now
	return e, err
}

func read[T any](e event.Event) (view T, err error) {
	err = e.Read(&view)
	return view, err
}
