package web

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// retryAfter is how long a caller should wait while a server is away, in seconds.
const retryAfter = 2

// Unavailable is the answer while a server of the core is away. The error itself is for the log.
func Unavailable() *Problem {
	return UnavailableAs(CodeUnavailable, "A part of the core is away. Try again with the same idempotency key.")
}

// UnavailableAs is the answer while a part of the core is away that has a code of its own.
func UnavailableAs(code, detail string) *Problem {
	return NewProblem(http.StatusServiceUnavailable, code, detail).With("Retry-After", strconv.Itoa(retryAfter))
}

// NotFound is the answer for what does not exist and for what the caller may not see: it does not tell which.
func NotFound(what string) *Problem {
	return NewProblem(http.StatusNotFound, CodeNotFound, "There is no such "+what+", or you may not see it.")
}

// Wrong is the problem of one field of the content. where is its place: body.legs.
func Wrong(where, what string) *Problem {
	p := NewProblem(http.StatusUnprocessableEntity, CodeInvalid, "The content is not valid.")
	p.Errors = []*huma.ErrorDetail{{Location: where, Message: what}}
	return p
}

// Unauthenticated is the answer to who shows no token that counts.
func Unauthenticated(code, detail string) *Problem {
	return NewProblem(http.StatusUnauthorized, code, detail).With("Www-Authenticate", `Bearer realm="fxcore", error="`+code+`"`)
}

// TooMany is the answer to who shall ask again when something of the kind has ended.
func TooMany(what string) *Problem {
	return TooOften("Too many " + what + " are under way: nothing was done. Try again when some have ended.")
}

// TooOften is the answer to who shall ask again in a second.
func TooOften(detail string) *Problem {
	return NewProblem(http.StatusTooManyRequests, CodeTooMany, detail).With("Retry-After", "1")
}

// Write answers with a problem before any handler is called.
func Write(api huma.API, ctx huma.Context, p *Problem) {
	for name := range p.headers {
		ctx.SetHeader(name, p.headers.Get(name))
	}
	p.TraceID = TraceOf(ctx.Context())
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client has gone
}

// Refusing returns a handler that answers with a problem.
func Refusing(p *Problem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		told := *p
		told.TraceID = TraceOf(r.Context())
		for name := range p.headers {
			w.Header().Set(name, p.headers.Get(name))
		}
		w.Header().Set("Content-Type", told.ContentType(""))
		w.WriteHeader(told.Status)
		_, _ = w.Write(told.text()) // the client may have gone
	}
}
