package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/messages"
	"fxcore/services/contract/access"
)

type sessionAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         session
}

type session struct {
	User      string    `json:"user"`
	Roles     []string  `json:"roles"`
	Desk      string    `json:"desk,omitempty"`
	Client    string    `json:"client,omitempty" doc:"Of a system: the client for which it acts, * for all"`
	Scope     []string  `json:"scope" doc:"The actions that the token allows"`
	ExpiresAt time.Time `json:"expires_at"`
	BankTime  time.Time `json:"bank_time" doc:"The bank's clock, which may run ahead of real time in a demo"`
}

func (c Core) session(api huma.API) {
	huma.Register(api, guarded(anybody, huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: "/v1/session", Summary: "Who you are and what your token allows",
		Tags: []string{"tokens"},
	}), func(ctx context.Context, _ *struct{}) (*sessionAnswer, error) {
		who := callerOf(ctx)
		return &sessionAnswer{"no-store", session{
			User: who.User, Roles: who.Roles, Desk: who.Desk, Client: who.Client, Scope: who.Scope, ExpiresAt: who.ExpiresAt, BankTime: c.Clock().UTC(),
		}}, nil
	})
}

func (c Core) endToken(api huma.API) {
	huma.Register(api, guarded(anybody, huma.Operation{
		OperationID: "end-token", Method: http.MethodDelete, Path: "/v1/tokens/current", Summary: "Give your token back",
		Description: "The token does not count from the answer on.",
		Tags:        []string{"tokens"}, DefaultStatus: http.StatusNoContent,
	}), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		who := callerOf(ctx)
		e, err := messages.Revoke(access.Revoke{TokenHash: who.hash, By: who.User, Reason: "given back"}, c.Real().UTC().Truncate(time.Microsecond))
		if err == nil {
			err = c.Publish(ctx, e)
		}
		if err == nil {
			err = c.Tokens.Revoke(ctx, who.hash)
		}
		if err != nil {
			return nil, c.away(ctx, err)
		}
		return nil, nil
	})
}
