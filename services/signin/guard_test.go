package signin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

// issued are tokens by their hashes.
type issued map[string]signin.Token

func (i issued) Token(_ context.Context, hash string) (signin.Token, error) {
	t, found := i[hash]
	if !found {
		return t, signin.ErrUnknown
	}
	return t, nil
}

func (issued) Refusal(context.Context, string) (access.Refused, error) {
	return access.Refused{}, signin.ErrNoRefusal
}

func (issued) Revoke(context.Context, string) error { return nil }

// A handler outside of a document is guarded as well: it is reached with the right alone, and knows its caller.
func TestAHandlerIsReachedWithTheRightAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	token := func(role string, scope ...string) signin.Token {
		return signin.Token{User: role, Roles: []string{role}, Scope: scope, Audience: "api", ExpiresAt: now.Add(time.Hour)}
	}
	late := token("operations", string(rights.ViewErrors))
	late.ExpiresAt = now
	guard := signin.NewGuard(issued{
		access.HashOf("operations"): token("operations", string(rights.ViewErrors)), access.HashOf("narrow"): token("operations"),
		access.HashOf("trader"): token("trader", string(rights.ViewErrors)), access.HashOf("late"): late,
	}, "api", 1, func() time.Time { return now }, testkit.Log(t))
	guarded := guard.Handler(rights.ViewErrors, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(signin.CallerOf(r.Context()).User))
	}))
	for header, want := range map[string]int{
		"Bearer operations": http.StatusOK, "bearer operations": http.StatusOK, "Bearer narrow": http.StatusForbidden, "Bearer trader": http.StatusForbidden,
		"Bearer late": http.StatusUnauthorized, "Bearer guessed": http.StatusUnauthorized, "Basic operations": http.StatusUnauthorized, "": http.StatusUnauthorized,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Authorization", header)
		guarded.ServeHTTP(w, r)
		if w.Code != want || want == http.StatusOK && w.Body.String() != "operations" {
			t.Errorf("%q: %d %s, want %d", header, w.Code, w.Body, want)
		}
	}
}
