package access_test

import (
	"errors"
	"testing"
	"time"

	"fxcore/services/api/internal/access"
)

// The table, cell by cell: n none, d own desk, a all, in the order of Actions.
func TestEachRoleMayDoWhatTheTableSays(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{
		access.Trader:     "dddaddnnn",
		access.Sales:      "dddaddnnn",
		access.Operations: "annaaaaaa",
		access.Compliance: "annaaanan",
		access.System:     "aaaaaannn",
		"visitor":         "nnnnnnnnn",
	} {
		got := ""
		for _, a := range access.Actions() {
			got += string("nda"[access.Caller{Desk: "FXS1", Roles: []string{role}}.May(a)])
		}
		if got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
}

func TestOfSeveralRolesTheWidestCounts(t *testing.T) {
	t.Parallel()
	both := access.Caller{Desk: "FXS1", Roles: []string{access.Trader, access.Operations}}
	if got := both.May(access.ReadTrades); got != access.All {
		t.Errorf("read trades: %d", got)
	}
	if got := both.May(access.RequestTrade); got != access.OwnDesk {
		t.Errorf("request a trade: %d", got)
	}
}

func TestATokenCountsUntilItExpiresOrIsRevoked(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	good := access.Token{Audience: access.Audience, ExpiresAt: noon.Add(time.Second)}
	expired, revoked, foreign := good, good, good
	expired.ExpiresAt, revoked.Revoked, foreign.Audience = noon, true, "another"
	for want, token := range map[error]access.Token{
		nil: good, access.ErrExpired: expired, access.ErrRevoked: revoked, access.ErrAudience: foreign,
	} {
		if err := token.Check(noon); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestACallerWithoutADeskHasNoOwnDesk(t *testing.T) {
	t.Parallel()
	if got := (access.Caller{Roles: []string{access.Trader}}).May(access.ReadTrades); got != access.None {
		t.Errorf("read trades: %d", got)
	}
}
