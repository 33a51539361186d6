package rest_test

import (
	"net/http"
	"testing"

	"fxcore/services/contract/access"
)

// Tokens that somebody invents take nothing from those that have counted.
func TestFewUnknownTokensAreLookedUpAtATime(t *testing.T) {
	b := setUp(t, func(_ *testing.T, b *bench) { b.signin.Lookups = 1 })
	session := func(token string) answer { return b.call(http.MethodGet, "/v1/session", token, nil) }
	read[struct{}](t, session(trader), http.StatusOK)
	looked, ready := make(chan struct{}), make(chan struct{})
	b.onLook = func(hash string) {
		if hash == access.HashOf("guessed") {
			looked <- struct{}{}
			<-ready
		}
	}
	ended := make(chan struct{})
	go func() { defer close(ended); session("guessed").is(t, http.StatusUnauthorized, "token_unknown") }()
	<-looked
	a := session("guessed again")
	a.is(t, http.StatusTooManyRequests, "too_many_requests")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	session(operator).is(t, http.StatusTooManyRequests, "too_many_requests") // has not come here before
	read[struct{}](t, session(trader), http.StatusOK)
	close(ready)
	<-ended
	read[struct{}](t, session(operator), http.StatusOK)
}
