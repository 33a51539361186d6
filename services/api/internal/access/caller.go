// Package access decides what a caller of the API may do. It is the first of two decisions: it refuses what the caller may never
// do. Whether a request is granted for this client and this deal is auth's decision.
package access

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

// Audience is what a token must have been issued for.
const Audience = "fxcore-api"

// Caller is the person or the system that a token was issued to.
type Caller struct {
	User   string
	Desk   string // a person's
	Roles  []string
	System string // the client id of a system's credentials; empty for a person
}

// ID names the caller: two callers never have one id.
func (c Caller) ID() string {
	if c.System != "" {
		return "system:" + c.System
	}
	return "user:" + c.User
}

// Token is what is known of a token by its hash.
type Token struct {
	Caller

	Audience  string
	ExpiresAt time.Time
	Revoked   bool
}

// The errors of a token that does not count.
var (
	ErrUnknown  = errors.New("nobody has issued this token")
	ErrRevoked  = errors.New("the token was revoked")
	ErrExpired  = errors.New("the token has expired")
	ErrAudience = errors.New("the token was issued for another audience")
)

// Check returns nil if the token counts at a time. Errors: ErrRevoked, ErrExpired, ErrAudience.
func (t Token) Check(now time.Time) error {
	switch {
	case t.Revoked:
		return ErrRevoked
	case !now.Before(t.ExpiresAt):
		return ErrExpired
	case t.Audience != Audience:
		return ErrAudience
	}
	return nil
}

// Hash returns the SHA-256 of a token, in hex. Only the hash is stored.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// has tells whether the caller has a role.
func (c Caller) has(role string) bool { return slices.Contains(c.Roles, role) }
