package provider

import (
	"context"

	"fxcore/gateways/internal/credential"
)

// Credentials checks users and passwords of providers.
type Credentials struct{ checker *credential.Checker }

// NewCredentials returns a checker that runs up to so many checks at once.
func NewCredentials(atOnce int) *Credentials {
	return &Credentials{checker: credential.NewChecker(atOnce)}
}

// Check tells whether user and password are those of p; nil means that there is no such provider. See credential.Checker.
func (c *Credentials) Check(ctx context.Context, p *Provider, user, password string) (bool, error) {
	if p == nil {
		return c.checker.Check(ctx, nil, user, password)
	}
	return c.checker.Check(ctx, &credential.Known{User: p.User, PasswordHash: p.PasswordHash}, user, password)
}
