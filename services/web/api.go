package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"fxcore/lambda/log"
)

// The bounds of a request.
const (
	MaxBody   = 64 << 10        // bytes
	BodyBound = 5 * time.Second // how long a body may take to come
)

// Scheme is the name of the security scheme of tokens in documents.
const Scheme = "bearer"

// About describes an interface in its document.
type About struct{ Title, Version, Description string }

// New returns an interface without resources on a router. Its document is at /openapi.json.
func New(mux *http.ServeMux, about About) huma.API {
	ownProblems()
	return humago.New(mux, settings(about))
}

func settings(about About) huma.Config {
	cfg := huma.DefaultConfig(about.Title, about.Version)
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil // the pages would load scripts from elsewhere
	cfg.RejectUnknownQueryParameters = true
	cfg.Formats = map[string]huma.Format{"application/json": strict(), "json": strict()}
	cfg.Transformers = append(cfg.Transformers, traced)
	cfg.Info.Description = about.Description
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{Scheme: {Type: "http", Scheme: "bearer"}}
	return cfg
}

// Gone tells whether the caller has gone: then whatever was under way was cut off, and nothing is wrong.
func Gone(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// Away logs why a server does not answer, unless the caller has gone, and returns the problem for the caller.
func Away(ctx context.Context, logger *slog.Logger, err error) *Problem {
	if !Gone(ctx) {
		logger.ErrorContext(ctx, "a request cannot be served", log.Error(err), "trace.id", TraceOf(ctx))
	}
	return Unavailable()
}
