package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

// newRevocation is the body of a command that ends what a user may do.
type newRevocation struct {
	User   string `json:"user" minLength:"1" maxLength:"64" pattern:"^[!-~]+$" doc:"All tokens that the user has got until now are revoked"`
	Reason string `json:"reason" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f]+$" doc:"Why: it is kept"`
}

func (c Core) revokeTokens(api huma.API) {
	huma.Register(api, signin.Guarded(rights.RevokeTokens, commanding(huma.Operation{
		OperationID: "revoke-tokens", Method: http.MethodPost, Path: "/v1/token-revocations", Summary: "Revoke all tokens of a user",
		Description: "The tokens do not count as soon as auth has answered, which takes milliseconds. The user may ask for a new one.",
		Tags:        []string{"tokens"},
	})), func(ctx context.Context, in *struct {
		Key
		Body newRevocation
	},
	) (*commanded, error) {
		asked := access.Revoke{User: in.Body.User, By: callerOf(ctx).User, Reason: in.Body.Reason}
		e, err := signin.Revocation(asked, c.Real().UTC().Truncate(time.Microsecond))
		return c.command(ctx, in.Key.Key, e, err, nil)
	})
}
