package rest

import (
	"context"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

// callerOf returns the caller of a request that was authenticated.
func callerOf(ctx context.Context) signin.Caller { return signin.CallerOf(ctx) }

// shown returns the part of the section that a trade shows.
func shown(c access.Caller) *blotter.Caller {
	return &blotter.Caller{User: c.User, Desk: c.Desk, Client: c.Client}
}

// group returns whose trades, checks and so on a token may see, and which lines. Its reach for the action is not Nothing.
func group(t signin.Token, a rights.Action) stream.Group {
	g := stream.Group{Lines: signin.Caller{Token: t}.Section().Sight()}
	switch t.Reach(a) {
	case rights.OwnDesk:
		g.Desk = t.Desk
	case rights.OwnClient:
		g.Client = t.Client
	default:
	}
	return g
}
