package rest_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
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

// The ID token travels sealed, like a password. It names the user, whom auth tells.
func TestAnIDTokenIsHandedToAuth(t *testing.T) {
	b := setUp(t)
	idToken, secret := "eyJh.eyJp.c2ln", strings.Repeat("s~", 30)
	b.auth(func(r access.Requested, p access.Proof) (event.Type, any) {
		if want := (access.Proof{IDToken: idToken, LoginSecret: secret}); p != want || r.User != "" || r.Grant != access.OpenID || r.Audience != "api" {
			t.Errorf("%+v, %+v", r, p)
		}
		return contract.TokenIssued, access.Issued{
			TokenHash: r.TokenHash, User: "U0001", Roles: []string{"trader"}, Desk: "FXS1", Audience: r.Audience, Scope: []string{"trade.view"},
			IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
		}
	})
	asked := map[string]any{"grant": "openid", "id_token": idToken, "login_secret": secret}
	got := read[struct{ Token, User string }](t, b.call(http.MethodPost, "/v1/tokens", "", asked), http.StatusCreated)
	if got.User != "U0001" {
		t.Errorf("%+v", got)
	}
	read[struct{ User string }](t, b.call(http.MethodGet, "/v1/session", got.Token, nil), http.StatusOK)
	for _, e := range b.published {
		if bytes.Contains(e.Data, []byte(idToken)) || bytes.Contains(e.Data, []byte(secret)) {
			t.Errorf("%s shows the proof", e.Type.Name)
		}
	}
	b.auth(func(r access.Requested, _ access.Proof) (event.Type, any) {
		return contract.TokenRefused, access.Refused{TokenHash: r.TokenHash, Code: "bad_credentials", Text: "why"}
	})
	b.call(http.MethodPost, "/v1/tokens", "", asked).is(t, http.StatusUnauthorized, "bad_credentials")
}

// Each row: a body that no grant has. auth is not asked, and the answer does not repeat what was sent.
func TestARequestForATokenThatCannotBeOne(t *testing.T) {
	b := setUp(t)
	b.onPublish = func(event.Event) { t.Error("auth is asked") }
	secret := strings.Repeat("s", 43)
	for what, body := range map[string]map[string]any{
		"a password of nobody":      {"grant": "password", "password": "a long one", "code": "123456"},
		"a secret of nobody":        {"grant": "client_credentials", "secret": secret},
		"a user beside an ID token": {"grant": "openid", "user": "U0001", "id_token": "a.b.c", "login_secret": secret},
		"a long ID token":           {"grant": "openid", "id_token": strings.Repeat("s", 8193), "login_secret": secret},
		"an ID token of other text": {"grant": "openid", "id_token": "sss sss", "login_secret": secret},
		"a short login secret":      {"grant": "openid", "id_token": "a.b.c", "login_secret": "sssss"},
		"another grant":             {"grant": "implicit", "user": "U0001", "secret": secret},
	} {
		t.Run(what, func(t *testing.T) {
			a := b.call(http.MethodPost, "/v1/tokens", "", body)
			a.is(t, http.StatusUnprocessableEntity, "invalid")
			if bytes.Contains(a.Body, []byte("sss")) {
				t.Errorf("%.300s", a.Body)
			}
		})
	}
	b.call(http.MethodPost, "/v1/tokens", "", map[string]any{"grant": "openid", "id_token": strings.Repeat("s", 70<<10), "login_secret": secret}).
		is(t, http.StatusRequestEntityTooLarge, "too_large")
}

func TestWhyThereIsNoTokenIsTold(t *testing.T) {
	b := setUp(t)
	later := time.Now().Add(30 * time.Second)
	for code, status := range map[string]int{
		"bad_credentials": http.StatusUnauthorized, "too_many_attempts": http.StatusTooManyRequests, "no_right": http.StatusForbidden,
		"wrong_audience": http.StatusForbidden, "no_static_data": http.StatusServiceUnavailable,
		"openid_off": http.StatusForbidden, "openid_away": http.StatusServiceUnavailable,
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
