package rest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fxcore/lambda/event"
)

// A caller who goes away is no error of the core. A server that does not answer is.
func TestACallerWhoGoesAwayIsNotLogged(t *testing.T) {
	var logged bytes.Buffer
	b := setUp(t, func(_ *testing.T, b *bench) { b.log = slog.New(slog.NewTextHandler(&logged, nil)) })
	serve := func(ctx context.Context) {
		r := httptest.NewRequestWithContext(ctx, http.MethodDelete, "/v1/tokens/current", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+trader)
		b.handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	for _, place := range []string{"at the lookup", "at the broker"} {
		ctx, leave := context.WithCancel(t.Context())
		b.onLook, b.stuck = nil, func(ctx context.Context, _ ...event.Event) error {
			leave()
			<-ctx.Done()
			return ctx.Err()
		}
		if place == "at the lookup" {
			b.onLook = func(string) { leave() }
		}
		if serve(ctx); ctx.Err() == nil || logged.Len() > 0 {
			t.Errorf("%s: %v, logged %s", place, ctx.Err(), &logged)
		}
		leave()
	}
	b.stuck = func(context.Context, ...event.Event) error { return errors.New("the broker is away") }
	if serve(t.Context()); strings.Count(logged.String(), "level=ERROR") != 1 {
		t.Errorf("logged %s", &logged)
	}
}
