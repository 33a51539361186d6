package web

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const keyHeader = "Idempotency-Key"

// Form refuses what the library lets pass: an answer in a form that nobody makes, a parameter without a value or given twice, and a request
// without its key.
func Form(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if refusal := misformed(ctx); refusal != nil {
			Write(api, ctx, refusal)
			return
		}
		next(ctx)
	}
}

func misformed(ctx huma.Context) *Problem {
	if !acceptable(ctx.Header("Accept"), produced(ctx.Operation())) {
		return NewProblem(http.StatusNotAcceptable, CodeNotAcceptable, "Accept "+strings.Join(produced(ctx.Operation()), ", ")+".")
	}
	shown := ctx.URL()
	parameters, err := url.ParseQuery(shown.RawQuery)
	if err != nil {
		return NewProblem(http.StatusUnprocessableEntity, CodeInvalid, "The query cannot be read: check its escapes.")
	}
	for _, values := range parameters {
		if len(values) != 1 || values[0] == "" {
			return NewProblem(http.StatusUnprocessableEntity, CodeInvalid, "A parameter of the query has no value, or is given twice. Leave out what you do not need.")
		}
	}
	if needsKey(ctx.Operation()) && ctx.Header(keyHeader) == "" {
		return NewProblem(http.StatusBadRequest, CodeKeyMissing, "Send a key of your choice, one for each request: Idempotency-Key: <8 to 64 of A-Z a-z 0-9 _ ->.")
	}
	return nil
}

func needsKey(o *huma.Operation) bool {
	return slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.In == "header" && p.Name == keyHeader && p.Required })
}

// produced returns the media types of an operation's answers.
func produced(o *huma.Operation) []string {
	for _, r := range o.Responses {
		if _, stream := r.Content["text/event-stream"]; stream {
			return []string{"text/event-stream"}
		}
	}
	return []string{"application/json"}
}

// acceptable tells whether a header Accept takes one of the media types (RFC 9110, 12.5.1). An empty header takes all.
func acceptable(accept string, types []string) bool {
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for part := range strings.SplitSeq(accept, ",") {
		wanted, parameters, err := mime.ParseMediaType(part)
		if err != nil || strings.Trim(parameters["q"], "0.") == "" && parameters["q"] != "" {
			continue
		}
		for _, t := range types {
			kind, _, _ := strings.Cut(t, "/")
			if wanted == "*/*" || wanted == kind+"/*" || wanted == t {
				return true
			}
		}
	}
	return false
}
