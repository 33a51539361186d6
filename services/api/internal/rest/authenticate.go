package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/log"
	"fxcore/services/api/internal/token"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// scheme is the name of the security scheme in the document.
const scheme = "bearer"

// actionKey is where an operation's metadata hold the action that it needs the right for.
const actionKey = "action"

// anybody is the action of operations that need a token, and no right.
const anybody rights.Action = ""

// guarded marks an operation as one that needs a token and the right to an action, and lists the problems that come with that.
func guarded(action rights.Action, o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{scheme: {}}}
	o.Metadata = map[string]any{actionKey: action}
	o.Errors = append(o.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusServiceUnavailable)
	return o
}

// authenticate finds the caller by the token, and refuses what the token never allows.
func (c Core) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		action, needed := ctx.Operation().Metadata[actionKey].(rights.Action)
		if !needed {
			next(ctx)
			return
		}
		caller, refusal := c.caller(ctx.Context(), ctx.Header("Authorization"))
		if refusal == nil && action != anybody && caller.Reach(action) == rights.Nothing {
			refusal = problem(http.StatusForbidden, string(reason.NoRight), "Neither your role nor your token allows this: "+string(action)+".")
		}
		if refusal != nil {
			write(api, ctx, refusal)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// caller returns who shows a token, or the problem.
func (c Core) caller(ctx context.Context, header string) (caller, *Problem) {
	kind, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "bearer") || secret == "" {
		return caller{}, unauthenticated(codeUnauthenticated, "Send a token: Authorization: Bearer <token>.")
	}
	shown := caller{hash: access.HashOf(secret)}
	leave, refusal := c.lookUp(ctx, shown.hash)
	if refusal != nil {
		return caller{}, refusal
	}
	defer leave()
	var err error
	if shown.Token, err = c.Tokens.Token(ctx, shown.hash); err == nil {
		err = shown.Check(c.Auth.Audience, c.Real())
	}
	if err != nil {
		return caller{}, c.notCounting(ctx, err)
	}
	c.met.add(shown.hash)
	return shown, nil
}

// lookUp counts a look at the tables for a token that has not counted here yet. There are few at a time, so that tokens which somebody
// invents take little from those that count. leave must be called once, if there is no refusal.
func (c Core) lookUp(ctx context.Context, hash string) (leave func(), refusal *Problem) {
	if c.met.has(hash) {
		return func() {}, nil
	}
	return c.lookups.enter(ctx, "requests with tokens that are new here")
}

// notCounting returns the problem of a token that does not count.
func (c Core) notCounting(ctx context.Context, err error) *Problem {
	switch {
	case errors.Is(err, token.ErrUnknown):
		return unauthenticated(string(reason.TokenUnknown), "Nobody has issued this token, or it expired long ago. Ask for a new one.")
	case errors.Is(err, token.ErrRevoked):
		return unauthenticated(string(reason.TokenRevoked), "The token was revoked. Ask for a new one.")
	case errors.Is(err, token.ErrExpired):
		return unauthenticated(string(reason.TokenExpired), "The token has expired. Ask for a new one.")
	case errors.Is(err, token.ErrAudience):
		return unauthenticated(string(reason.WrongAudience), "The token was issued for another program than "+c.Auth.Audience+".")
	}
	if !gone(ctx) {
		c.Log.ErrorContext(ctx, "a token cannot be looked up", log.Error(err))
	}
	return unavailable()
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
	p.TraceID = traceOf(ctx.Context())
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client has gone
}
