package credential_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"fxcore/gateways/internal/credential"
)

// cheap is "swordfish" at the lowest cost.
const cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$4XQ/tuIlnnPSObzqCv8Y2FZe4GJfi2nnsmNVoiM/s/Q"

// guest counts how often it had to wait for its turn.
type guest struct{ turns atomic.Int32 }

func (g *guest) Turn(context.Context) (func(), error) {
	g.turns.Add(1)
	return func() {}, nil
}

func TestCheck(t *testing.T) {
	checker := credential.NewChecker(1)
	alpha := &credential.Known{User: "alpha", PasswordHash: credential.Hash("swordfish")}
	for _, test := range []struct {
		name           string
		who            *credential.Known
		user, password string
		want           bool
	}{
		{"right", alpha, "alpha", "swordfish", true},
		{"wrong password", alpha, "alpha", "Swordfish", false},
		{"empty password", alpha, "alpha", "", false},
		{"wrong user", alpha, "beta", "swordfish", false},
		{"no such provider", nil, "nobody", "swordfish", false},
		{"file's hash", &credential.Known{User: "alpha", PasswordHash: cheap}, "alpha", "swordfish", true},
	} {
		for range 2 { // the first and the next time
			got, err := checker.Check(t.Context(), &guest{}, test.who, test.user, test.password)
			if err != nil || got != test.want {
				t.Errorf("%s: %v, error %v", test.name, got, err)
			}
		}
	}
}

// A user with the right password does not wait the next time, until the hash changes. A user with a wrong one waits each time.
func TestWhoWasRightIsRemembered(t *testing.T) {
	checker := credential.NewChecker(1)
	alpha := &credential.Known{User: "alpha", PasswordHash: cheap}
	beta := &credential.Known{User: "beta", PasswordHash: cheap}
	changed := &credential.Known{User: "alpha", PasswordHash: credential.Hash("swordfish")}
	for _, test := range []struct {
		name           string
		who            *credential.Known
		user, password string
		right, waits   bool
	}{
		{"the first time", alpha, "alpha", "swordfish", true, true},
		{"the second time", alpha, "alpha", "swordfish", true, false},
		{"with another password", alpha, "alpha", "Swordfish", false, true},
		{"with another password again", alpha, "alpha", "Swordfish", false, true},
		{"as another user", alpha, "beta", "swordfish", false, true},
		{"another provider with the same hash", beta, "beta", "swordfish", true, true},
		{"nobody", nil, "alpha", "swordfish", false, true},
		{"after all that", alpha, "alpha", "swordfish", true, false},
		{"with a new hash", changed, "alpha", "swordfish", true, true},
		{"with the new hash again", changed, "alpha", "swordfish", true, false},
		{"with the old one", alpha, "alpha", "swordfish", true, true},
	} {
		g := &guest{}
		right, err := checker.Check(t.Context(), g, test.who, test.user, test.password)
		if err != nil || right != test.right || (g.turns.Load() == 1) != test.waits {
			t.Errorf("%s: right %t, %d turns, error %v", test.name, right, g.turns.Load(), err)
		}
	}
}

func TestChecksAreBounded(t *testing.T) {
	checker := credential.NewChecker(1)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		for range 5 {
			_, _ = checker.Check(t.Context(), &guest{}, nil, "", "")
		}
	}()
	for range 1_000 {
		if _, err := checker.Check(ended, &guest{}, nil, "", ""); err != nil {
			<-busy
			return
		}
	}
	t.Error("a check ran although another one was under way")
}

func TestHashPassword(t *testing.T) {
	var out, complaints strings.Builder
	if code := credential.Command(strings.NewReader("swordfish\r\n"), &out, &complaints); code != 0 {
		t.Fatalf("exit code %d: %s", code, complaints.String())
	}
	alpha := &credential.Known{User: "alpha", PasswordHash: strings.TrimSpace(out.String())}
	if right, err := credential.NewChecker(1).Check(t.Context(), &guest{}, alpha, "alpha", "swordfish"); !right || err != nil {
		t.Errorf("its own hash does not fit: %s, %v", out.String(), err)
	}
	if code := credential.Command(strings.NewReader("\n"), &out, &complaints); code == 0 {
		t.Error("an empty password was hashed")
	}
}
