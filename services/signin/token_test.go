package signin_test

import (
	"errors"
	"testing"
	"time"

	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

func TestATokenCountsUntilItExpiresOrIsRevoked(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	good := signin.Token{Audience: "api", ExpiresAt: noon.Add(time.Second)}
	expired, revoked, foreign := good, good, good
	expired.ExpiresAt, revoked.Revoked, foreign.Audience = noon, true, "workstation"
	for want, given := range map[error]signin.Token{
		nil: good, signin.ErrExpired: expired, signin.ErrRevoked: revoked, signin.ErrAudience: foreign,
	} {
		if err := given.Check("api", noon); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// Every cell of the table of rights, with a token whose scope has all actions and with one that has none.
func TestATokenAllowsWhatTheTableAndItsScopeAllow(t *testing.T) {
	t.Parallel()
	var all []string
	for _, a := range rights.Actions() {
		all = append(all, string(a))
	}
	for _, role := range rights.Roles() {
		held := signin.Token{Roles: []string{string(role)}, Desk: "FXS1", Client: "C1", Scope: all}
		narrow := held
		narrow.Scope = nil
		for _, a := range rights.Actions() {
			if got := held.Reach(a); got != rights.Of(role, a) {
				t.Errorf("%s of %s reaches %s, want %s", a, role, got, rights.Of(role, a))
			}
			if narrow.Reach(a) != rights.Nothing || narrow.Reaches(a, "C1", "FXS1") {
				t.Errorf("%s of %s without a scope", a, role)
			}
		}
	}
}

func TestReachIsNothingWithoutADeskOrAClient(t *testing.T) {
	t.Parallel()
	scope := []string{string(rights.ViewTrades)}
	for name, c := range map[string]struct {
		token signin.Token
		want  rights.Reach
	}{
		"a trader of no desk":   {signin.Token{Roles: []string{"trader"}, Scope: scope}, rights.Nothing},
		"a system of no client": {signin.Token{Roles: []string{"system"}, Scope: scope}, rights.Nothing},
		"a system for a client": {signin.Token{Roles: []string{"system"}, Scope: scope, Client: "C1"}, rights.OwnClient},
		"a system for all":      {signin.Token{Roles: []string{"system"}, Scope: scope, Client: "*"}, rights.All},
	} {
		if got := c.token.Reach(rights.ViewTrades); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
