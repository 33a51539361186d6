package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/log"
	"fxcore/services/api/internal/access"
)

// scheme is the name of the security scheme in the document.
const scheme = "bearer"

// actionKey is where an operation's metadata hold the action that it needs the right for.
const actionKey = "action"

// callerKey is where a request's context holds the caller.
type callerKey struct{}

// guarded marks an operation as one that needs a token and the right to an action, and lists the problems that come with that.
func guarded(action access.Action, o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{scheme: {}}}
	o.Metadata = map[string]any{actionKey: action}
	o.Errors = append(o.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
	return o
}

// authenticate finds the caller by the token, and refuses what the caller's roles never allow.
func (c Core) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		action, needed := ctx.Operation().Metadata[actionKey].(access.Action)
		if !needed {
			next(ctx)
			return
		}
		caller, refusal := c.caller(ctx.Context(), ctx.Header("Authorization"))
		if refusal == nil && caller.May(action) == access.None {
			refusal = problem(http.StatusForbidden, codeForbidden, "None of your roles may do this: "+string(action)+".")
		}
		if refusal != nil {
			write(api, ctx, refusal)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// caller returns who shows a token, or the problem.
func (c Core) caller(ctx context.Context, header string) (access.Caller, *Problem) {
	kind, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "bearer") || secret == "" {
		return access.Caller{}, unauthenticated(codeUnauthenticated, "Send a token: Authorization: Bearer <token>.")
	}
	token, err := c.Tokens.Token(ctx, access.Hash(secret))
	if err == nil {
		err = token.Check(c.Clock())
	}
	switch {
	case err == nil:
		return token.Caller, nil
	case errors.Is(err, access.ErrUnknown):
		return access.Caller{}, unauthenticated("token_unknown", "Nobody has issued this token. Ask for a new one.")
	case errors.Is(err, access.ErrRevoked):
		return access.Caller{}, unauthenticated("token_revoked", "The token was revoked. Ask for a new one.")
	case errors.Is(err, access.ErrExpired):
		return access.Caller{}, unauthenticated("token_expired", "The token has expired. Ask for a new one.")
	case errors.Is(err, access.ErrAudience):
		return access.Caller{}, unauthenticated("token_audience", "The token was issued for another audience than "+access.Audience+".")
	}
	c.Log.ErrorContext(ctx, "a token cannot be looked up", log.Error(err))
	return access.Caller{}, unavailable()
}

func unauthenticated(code, detail string) *Problem {
	p := problem(http.StatusUnauthorized, code, detail)
	p.headers = http.Header{"Www-Authenticate": {`Bearer realm="fxcore", error="` + code + `"`}}
	return p
}

// write answers with a problem before any handler is called.
func write(api huma.API, ctx huma.Context, p *Problem) {
	for name := range p.headers {
		ctx.SetHeader(name, p.headers.Get(name))
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client has gone
}

// callerOf returns the caller of a request that was authenticated.
func callerOf(ctx context.Context) access.Caller {
	caller, _ := ctx.Value(callerKey{}).(access.Caller)
	return caller
}
