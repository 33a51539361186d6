package signin

import (
	"errors"
	"slices"
	"time"

	"fxcore/services/contract/rights"
)

// Token is what auth issued. Times are real time.
type Token struct {
	User      string
	Roles     []string
	Desk      string
	Client    string // of a system: the client for which it acts, * for all
	Audience  string
	Scope     []string // the actions that the token allows
	ExpiresAt time.Time
	Revoked   bool
}

// The errors of a token that does not count.
var (
	ErrUnknown  = errors.New("nobody has issued this token")
	ErrRevoked  = errors.New("the token was revoked")
	ErrExpired  = errors.New("the token has expired")
	ErrAudience = errors.New("the token was issued for another program")
)

// Check returns nil if the token counts for a program at a time. Errors: ErrRevoked, ErrExpired, ErrAudience.
func (t Token) Check(audience string, now time.Time) error {
	switch {
	case t.Revoked:
		return ErrRevoked
	case !now.Before(t.ExpiresAt):
		return ErrExpired
	case t.Audience != audience:
		return ErrAudience
	}
	return nil
}

// Reach returns whose business the token allows the action for.
func (t Token) Reach(a rights.Action) rights.Reach {
	reach := t.holder().Reach(a)
	switch {
	case !slices.Contains(t.Scope, string(a)):
		return rights.Nothing
	case reach == rights.OwnDesk && t.Desk == "", reach == rights.OwnClient && t.Client == "":
		return rights.Nothing
	case reach == rights.OwnClient && t.Client == "*":
		return rights.All
	}
	return reach
}

// Reaches reports whether the token allows the action for a client of a desk.
func (t Token) Reaches(a rights.Action, client, desk string) bool {
	return t.Reach(a) != rights.Nothing && t.holder().Reaches(a, client, desk)
}

func (t Token) holder() rights.Holder {
	return rights.Holder{Roles: t.Roles, Desk: t.Desk, Client: t.Client}
}
