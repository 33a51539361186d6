package signin

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/access"
	"fxcore/services/web"
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

func (s *SignIn) session(api huma.API) {
	huma.Register(api, Guarded(Anybody, huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: "/v1/session", Summary: "Who you are and what your token allows",
		Tags: []string{"tokens"},
	}), func(ctx context.Context, _ *struct{}) (*sessionAnswer, error) {
		who := CallerOf(ctx)
		return &sessionAnswer{"no-store", session{
			User: who.User, Roles: who.Roles, Desk: who.Desk, Client: who.Client, Scope: who.Scope, ExpiresAt: who.ExpiresAt, BankTime: s.clock().UTC(),
		}}, nil
	})
}

func (s *SignIn) endToken(api huma.API) {
	huma.Register(api, Guarded(Anybody, huma.Operation{
		OperationID: "end-token", Method: http.MethodDelete, Path: "/v1/tokens/current", Summary: "Give your token back",
		Description: "The token does not count from the answer on.",
		Tags:        []string{"tokens"}, DefaultStatus: http.StatusNoContent,
	}), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		who := CallerOf(ctx)
		e, err := Revocation(access.Revoke{TokenHash: who.Hash, By: who.User, Reason: "given back"}, s.real().UTC().Truncate(time.Microsecond))
		if err == nil {
			err = s.publish(ctx, e)
		}
		if err == nil {
			err = s.tokens.Revoke(ctx, who.Hash)
		}
		if err != nil {
			return nil, web.Away(ctx, s.log, err)
		}
		return nil, nil
	})
}
