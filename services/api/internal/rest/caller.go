package rest

import (
	"context"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
	"fxcore/services/api/internal/token"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
)

// caller is who calls: what the token allows, and its hash.
type caller struct {
	token.Token

	hash string
}

// callerKey is where a request's context holds the caller.
type callerKey struct{}

// callerOf returns the caller of a request that was authenticated.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// section returns the section about the caller, by which auth decides.
func (c caller) section() access.Caller {
	return access.Caller{User: c.User, Roles: c.Roles, Desk: c.Desk, Client: c.Client}
}

// shown returns the part of the section that a trade shows.
func shown(c access.Caller) *blotter.Caller {
	return &blotter.Caller{User: c.User, Desk: c.Desk, Client: c.Client}
}

// group returns whose trades, checks and so on a token may see, and which lines. Its reach for the action is not Nothing.
func group(t token.Token, a rights.Action) stream.Group {
	g := stream.Group{Lines: caller{Token: t}.section().Sight()}
	switch t.Reach(a) {
	case rights.OwnDesk:
		g.Desk = t.Desk
	case rights.OwnClient:
		g.Client = t.Client
	default:
	}
	return g
}
