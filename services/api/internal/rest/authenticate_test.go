package rest_test

import (
	"net/http"
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// Each token that does not count gets its own problem.
func TestATokenThatDoesNotCountIsNamed(t *testing.T) {
	b := setUp(t)
	for token, code := range map[string]string{
		"": "unauthenticated", "guessed": "token_unknown", expired: "token_expired", revoked: "token_revoked", elsewhere: "wrong_audience",
	} {
		a := b.call(http.MethodGet, "/v1/trades", token, nil)
		a.is(t, http.StatusUnauthorized, code)
		if a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", code)
		}
	}
}

func TestWithoutTheRightNothingIsDone(t *testing.T) {
	b := setUp(t)
	b.call(http.MethodGet, "/v1/trades", narrow, nil).is(t, http.StatusForbidden, "no_right")
	b.call(http.MethodPost, "/v1/trades", operator, spot(), "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
}

// A revocation works with the next request.
func TestARevokedTokenIsRefusedAtOnce(t *testing.T) {
	b := setUp(t)
	read[struct{}](t, b.call(http.MethodGet, "/v1/trades", trader, nil), http.StatusOK)
	b.told(contract.TokenRevoked, "U0001", access.Revoked{User: "U0001", By: "U0013", Reason: "left", RevokedAt: time.Now()})
	b.call(http.MethodGet, "/v1/trades", trader, nil).is(t, http.StatusUnauthorized, "token_revoked")
}
