package rest_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// auth answers the request for a token as answer says.
func (b *bench) auth(answer func(r access.Requested, p access.Proof) (event.Type, any)) {
	b.onPublish = func(e event.Event) {
		var r access.Requested
		if err := e.Read(&r); err != nil {
			b.t.Error(err)
		}
		proof, err := b.key.OpenProof(r)
		if err != nil {
			b.t.Error(err)
		}
		typ, data := answer(r, proof)
		go b.told(typ, r.TokenHash, data)
	}
}

func login() map[string]any {
	return map[string]any{"grant": "password", "user": "U0001", "password": "a long one", "code": "123456", "scope": []string{"trade.view"}}
}

func TestATokenIsShownOnceAndCountsAtOnce(t *testing.T) {
	b := setUp(t)
	b.auth(func(r access.Requested, p access.Proof) (event.Type, any) {
		if want := (access.Proof{Password: "a long one", Code: "123456"}); p != want || r.User != "U0001" || r.Audience != "api" {
			t.Errorf("%+v, %+v", r, p)
		}
		return contract.TokenIssued, access.Issued{
			TokenHash: r.TokenHash, User: r.User, Roles: []string{"trader"}, Desk: "FXS1", Audience: r.Audience, Scope: r.Scope,
			IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
		}
	})
	got := read[struct {
		Token, Desk string
		Scope       []string
	}](t, b.call(http.MethodPost, "/v1/tokens", "", login()), http.StatusCreated)
	if got.Desk != "FXS1" || !slices.Equal(got.Scope, []string{"trade.view"}) {
		t.Errorf("%+v", got)
	}
	who := read[struct{ User string }](t, b.call(http.MethodGet, "/v1/session", got.Token, nil), http.StatusOK)
	if who.User != "U0001" {
		t.Errorf("%+v", who)
	}
	b.onPublish = nil
	if a := b.call(http.MethodDelete, "/v1/tokens/current", got.Token, nil); a.Status != http.StatusNoContent {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	b.call(http.MethodGet, "/v1/session", got.Token, nil).is(t, http.StatusUnauthorized, "token_revoked")
	var revoke access.Revoke
	if e := b.published[len(b.published)-1]; e.Type != contract.TokenCommanded || e.Read(&revoke) != nil || revoke.TokenHash != access.HashOf(got.Token) || revoke.By != "U0001" {
		t.Errorf("%+v", revoke)
	}
}

func TestWhyThereIsNoTokenIsTold(t *testing.T) {
	b := setUp(t)
	later := time.Now().Add(30 * time.Second)
	for code, status := range map[string]int{
		"bad_credentials": http.StatusUnauthorized, "too_many_attempts": http.StatusTooManyRequests, "no_right": http.StatusForbidden,
		"wrong_audience": http.StatusForbidden, "no_static_data": http.StatusServiceUnavailable,
	} {
		t.Run(code, func(t *testing.T) {
			b.auth(func(r access.Requested, _ access.Proof) (event.Type, any) {
				return contract.TokenRefused, access.Refused{TokenHash: r.TokenHash, User: r.User, Code: code, Text: "why", RetryAt: &later}
			})
			a := b.call(http.MethodPost, "/v1/tokens", "", login())
			a.is(t, status, code)
			if waits := a.Header.Get("Retry-After") != ""; waits != (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) {
				t.Errorf("Retry-After: %q", a.Header.Get("Retry-After"))
			}
		})
	}
}

// A revocation of a user ends the tokens that were issued until then, in whatever order the messages come.
func TestARevocationOfAUserMayOvertakeItsTokens(t *testing.T) {
	b := setUp(t)
	now := time.Now()
	b.told(contract.TokenRevoked, "U0099", access.Revoked{User: "U0099", By: "U0013", Reason: "left", RevokedAt: now})
	for token, at := range map[string]time.Time{"before": now.Add(-time.Second), "after": now.Add(time.Second)} {
		b.told(contract.TokenIssued, token, access.Issued{
			TokenHash: access.HashOf(token), User: "U0099", Roles: []string{"trader"}, Desk: "FXS1", Audience: "api", Scope: []string{"trade.view"},
			IssuedAt: at, ExpiresAt: now.Add(time.Hour),
		})
	}
	b.call(http.MethodGet, "/v1/session", "before", nil).is(t, http.StatusUnauthorized, "token_revoked")
	read[struct{ User string }](t, b.call(http.MethodGet, "/v1/session", "after", nil), http.StatusOK)
}

// Operations end the tokens of another user. A repeat is the same command.
func TestOperationsRevokeTheTokensOfAUser(t *testing.T) {
	b := setUp(t)
	body := map[string]any{"user": "U0001", "reason": "lost"}
	for range 2 {
		read[struct{}](t, b.call(http.MethodPost, "/v1/token-revocations", operator, body, "Idempotency-Key", "key-0001"), http.StatusAccepted)
	}
	var got access.Revoke
	want := access.Revoke{User: "U0001", By: "U0003", Reason: "lost"}
	if len(b.published) != 1 || b.published[0].Type != contract.TokenCommanded || b.published[0].Read(&got) != nil || got != want {
		t.Errorf("%+v, %+v", b.published, got)
	}
	b.call(http.MethodPost, "/v1/token-revocations", trader, body, "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
}
