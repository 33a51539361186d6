package identity_test

import (
	"strings"
	"testing"

	"fxcore/scripts/internal/identity"
)

func TestALoginGivesOneIDToken(t *testing.T) {
	p, err := identity.Start("fxcore", "https://workstation.example/back")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	begin := func(password string) (*identity.Login, string, error) {
		l, err := p.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		code, err := l.Authorize(t.Context(), "U0001", password)
		return l, code, err
	}
	l, code, err := begin(identity.Password("U0001"))
	if err != nil {
		t.Fatal(err)
	}
	if token, err := l.Redeem(t.Context(), code, l.Verifier); err != nil || strings.Count(token, ".") != 2 {
		t.Errorf("%q, %v", token, err)
	}
	if _, err := l.Redeem(t.Context(), code, l.Verifier); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("a code was used twice: %v", err)
	}
	if l, code, err = begin(identity.Password("U0001")); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Redeem(t.Context(), code, l.Secret); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("by another verifier: %v", err)
	}
	if _, _, err := begin("wrong"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("by a wrong password: %v", err)
	}
}
