package signin

import (
	"context"

	"fxcore/services/contract/access"
)

// Caller is who calls: what the token allows, and the token's hash.
type Caller struct {
	Token

	Hash string

	token secret
}

// secret is a token. It has no text, so that no log shows it.
type secret struct{ value string }

// String hides the token.
func (secret) String() string { return "***" }

// callerKey is where a request's context holds the caller.
type callerKey struct{}

// CallerOf returns the caller of a request that a Guard let pass. The caller of another request has no hash and no right.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// Section returns the section of messages about the caller, by which auth decides.
func (c Caller) Section() access.Caller {
	return access.Caller{User: c.User, Roles: c.Roles, Desk: c.Desk, Client: c.Client}
}
