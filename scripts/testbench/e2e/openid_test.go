//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/identity"
)

// identityProvider starts the bank's identity provider, and returns the settings by which a core knows it.
func identityProvider(t *testing.T) (*identity.Provider, []string) {
	t.Helper()
	p, err := identity.Start("fxcore-workstation", "https://workstation.example/back")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	ca := filepath.Join(t.TempDir(), "identity.crt")
	if err := os.WriteFile(ca, p.CA(), 0o600); err != nil {
		t.Fatal(err)
	}
	return p, []string{"OPENID_ISSUER=" + p.URL, "OPENID_CLIENT_ID=" + p.Client, "OPENID_CA_FILE=" + ca}
}

// openID: people log in at the bank's identity provider by the code flow with PKCE, and come in by the API with the ID token, once for
// each login. After the identity provider has a new key, they still do.
func (c *core) openID(t *testing.T) {
	door := c.door(t)
	idToken, secret := c.login(t, "U0001")
	for name, proof := range map[string]map[string]string{
		"of another login's secret":  {"id_token": idToken, "login_secret": secret + "x"},
		"that nobody signed":         {"id_token": idToken[:len(idToken)-6] + "AAAAAA", "login_secret": secret},
		"of somebody who is unknown": c.proofOf(t, "stranger"),
	} {
		if status, body := door.token(t, proof); status != http.StatusUnauthorized && status != http.StatusForbidden {
			t.Errorf("an ID token %s: %d %s", name, status, body)
		}
	}
	proof := map[string]string{"id_token": idToken, "login_secret": secret}
	door.comesIn(t, proof, "U0001")
	if status, body := door.token(t, proof); status != http.StatusUnauthorized {
		t.Errorf("the same login again: %d %s", status, body)
	}
	if err := c.identity.Rotate(); err != nil {
		t.Fatal(err)
	}
	door.comesIn(t, c.proofOf(t, "U0013"), "U0013")
}

// login logs a user in at the identity provider.
func (c *core) login(t *testing.T, user string) (idToken, secret string) {
	t.Helper()
	l, err := c.identity.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code, err := l.Authorize(t.Context(), user, identity.Password(user))
	if err != nil {
		t.Fatal(err)
	}
	if idToken, err = l.Redeem(t.Context(), code, l.Verifier); err != nil {
		t.Fatal(err)
	}
	return idToken, l.Secret
}

func (c *core) proofOf(t *testing.T, user string) map[string]string {
	t.Helper()
	idToken, secret := c.login(t, user)
	return map[string]string{"id_token": idToken, "login_secret": secret}
}

// door is the API for somebody who has no token yet.
type door struct {
	url  string
	http *http.Client
}

func (c *core) door(t *testing.T) door {
	t.Helper()
	certificate, err := os.ReadFile(filepath.Join(c.Folder, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return door{c.urls["api"], &http.Client{Transport: transport, Timeout: statusBound}}
}

// token asks for a token by an ID token.
func (d door) token(t *testing.T, proof map[string]string) (int, []byte) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"grant": "openid", "id_token": proof["id_token"], "login_secret": proof["login_secret"]})
	if err != nil {
		t.Fatal(err)
	}
	return d.ask(t, http.MethodPost, "/v1/tokens", "", body)
}

// comesIn has a user get a token, and asks the interface who that is. The core may have to fetch the identity provider's new key first, and the
// other replica of the interface may hear of the token a moment later.
func (d door) comesIn(t *testing.T, proof map[string]string, user string) {
	t.Helper()
	var issued struct{ Token, User string }
	testkit.Eventually(t, "a token for "+user, time.Minute, func() error {
		status, body := d.token(t, proof)
		if status != http.StatusCreated {
			return fmt.Errorf("%d %s", status, body)
		}
		return json.Unmarshal(body, &issued)
	})
	var who struct{ User string }
	testkit.Eventually(t, "the session of "+user, time.Minute, func() error {
		status, body := d.ask(t, http.MethodGet, "/v1/session", issued.Token, nil)
		if status != http.StatusOK {
			return fmt.Errorf("%d %s", status, body)
		}
		return json.Unmarshal(body, &who)
	})
	if issued.User != user || who.User != user {
		t.Errorf("the token is of %q, the session of %q, want %s", issued.User, who.User, user)
	}
}

func (d door) ask(t *testing.T, method, path, token string, body []byte) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, d.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := d.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text
}
