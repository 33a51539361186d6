package signin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/audit"
	"fxcore/lambda/log"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/web"
)

// actionKey is where an operation's metadata hold the action that it needs the right for.
const actionKey = "action"

// Anybody is the action of operations that need a token, and no right.
const Anybody rights.Action = ""

// Guarded marks an operation as one that needs a token and the right to an action, and lists the problems that come with that.
func Guarded(action rights.Action, o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{web.Scheme: {}}}
	o.Metadata = map[string]any{actionKey: action}
	o.Errors = append(o.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusServiceUnavailable)
	return o
}

// Tokens looks tokens up by their hash. [Store] is one.
type Tokens interface {
	// Token returns what a token allows. Error: ErrUnknown.
	Token(ctx context.Context, hash string) (Token, error)

	// Refusal returns why there is no token. Error: ErrNoRefusal.
	Refusal(ctx context.Context, hash string) (access.Refused, error)

	// Revoke ends a token here at once.
	Revoke(ctx context.Context, hash string) error
}

// Guard finds callers by their tokens, and refuses who has not the right. It is safe for concurrent use.
type Guard struct {
	tokens   Tokens
	audience string
	real     func() time.Time // for tokens
	log      *slog.Logger

	Audit *audit.Trail // gets refusals, and uses of rights that show what others wrote

	lookups web.Door // of tokens that have not been met
	met     *met
}

// NewGuard returns a guard. lookups bounds how many tokens are looked up at a time that have not counted here yet; 0: no bound.
func NewGuard(tokens Tokens, audience string, lookups int, now func() time.Time, logger *slog.Logger) *Guard {
	return &Guard{tokens: tokens, audience: audience, real: now, log: logger, lookups: web.NewDoor(lookups), met: &met{}}
}

// Authenticate is for the operations of an interface that are Guarded.
func (g *Guard) Authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		action, needed := ctx.Operation().Metadata[actionKey].(rights.Action)
		if !needed {
			next(ctx)
			return
		}
		caller, refusal := g.Admit(ctx.Context(), ctx.Header("Authorization"), action)
		g.note(caller, refusal, ctx.RemoteAddr(), action)
		if refusal != nil {
			web.Write(api, ctx, refusal)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// Handler guards a handler outside an interface's document: what passes has the right to the action.
func (g *Guard) Handler(action rights.Action, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, refusal := g.Admit(r.Context(), r.Header.Get("Authorization"), action)
		g.note(caller, refusal, r.RemoteAddr, action)
		if refusal != nil {
			web.Refusing(refusal)(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)))
	})
}

// Admit returns who shows a token in a header Authorization, or the problem of one that does not count or has not the right to the action.
func (g *Guard) Admit(ctx context.Context, header string, action rights.Action) (Caller, *web.Problem) {
	caller, refusal := g.caller(ctx, header)
	if refusal == nil && action != Anybody && caller.Reach(action) == rights.Nothing {
		refusal = web.NewProblem(http.StatusForbidden, string(reason.NoRight), "Neither your role nor your token allows this: "+string(action)+".")
	}
	return caller, refusal
}

func (g *Guard) caller(ctx context.Context, header string) (Caller, *web.Problem) {
	kind, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "bearer") || value == "" {
		return Caller{}, web.Unauthenticated(web.CodeUnauthenticated, "Send a token: Authorization: Bearer <token>.")
	}
	shown := Caller{Hash: access.HashOf(value), token: secret{value}}
	leave, refusal := g.lookUp(ctx, shown.Hash)
	if refusal != nil {
		return Caller{}, refusal
	}
	defer leave()
	var err error
	if shown.Token, err = g.Counts(ctx, shown.Hash); err != nil {
		return Caller{}, g.notCounting(ctx, err)
	}
	g.met.add(shown.Hash)
	return shown, nil
}

// Counts returns what the token with a hash allows now. Errors: ErrUnknown, ErrRevoked, ErrExpired, ErrAudience; any other is of the tokens.
func (g *Guard) Counts(ctx context.Context, hash string) (Token, error) {
	t, err := g.tokens.Token(ctx, hash)
	if err == nil {
		err = t.Check(g.audience, g.real())
	}
	return t, err
}

// lookUp counts a look at the tables for a token that has not counted here yet. There are few at a time, so that tokens which somebody
// invents take little from those that count. leave must be called once, if there is no refusal.
func (g *Guard) lookUp(ctx context.Context, hash string) (leave func(), refusal *web.Problem) {
	if g.met.has(hash) {
		return func() {}, nil
	}
	return g.lookups.Enter(ctx, "requests with tokens that are new here")
}

// notCounting returns the problem of a token that does not count.
func (g *Guard) notCounting(ctx context.Context, err error) *web.Problem {
	switch {
	case errors.Is(err, ErrUnknown):
		return web.Unauthenticated(string(reason.TokenUnknown), "Nobody has issued this token, or it expired long ago. Ask for a new one.")
	case errors.Is(err, ErrRevoked):
		return web.Unauthenticated(string(reason.TokenRevoked), "The token was revoked. Ask for a new one.")
	case errors.Is(err, ErrExpired):
		return web.Unauthenticated(string(reason.TokenExpired), "The token has expired. Ask for a new one.")
	case errors.Is(err, ErrAudience):
		return web.Unauthenticated(string(reason.WrongAudience), "The token was issued for another program than "+g.audience+".")
	}
	if !web.Gone(ctx) {
		g.log.ErrorContext(ctx, "a token cannot be looked up", log.Error(err))
	}
	return web.Unavailable()
}
