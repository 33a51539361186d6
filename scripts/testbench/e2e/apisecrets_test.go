//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/scripts/internal/apiclient"
)

// Proofs that are wrong, for requests of a token.
const (
	wrongUserPassword = "wrong-user-password-27d1"
	wrongUserSecret   = "wrong-system-secret-93ab"
)

// account is what the demo has told a user of the HTTP interfaces.
type account struct{ User, Password, Secret string }

func (c *core) accounts(t *testing.T) (all []account) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Folder, "secrets", "users.json"))
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// userSecrets are the passwords of people and the secrets of systems, also wrong ones.
func (c *core) userSecrets(t *testing.T) []string {
	t.Helper()
	all := []string{wrongUserPassword, wrongUserSecret}
	for _, a := range c.accounts(t) {
		for _, secret := range []string{a.Password, a.Secret} {
			if secret != "" {
				all = append(all, secret)
			}
		}
	}
	return all
}

// The users of the demo that ask for tokens: a person at the interface of the bank, a system there, and a person at on-call's.
const (
	trader, system, operations = "U0001", "U0020", "U0013"
)

// tokens has users ask for tokens, with their own proofs and with wrong ones. It returns the tokens.
func (c *core) tokens(t *testing.T) (issued []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for user, base := range map[string]string{trader: c.urls["api"], system: c.urls["api"], operations: c.urls["operations"]} {
		client := c.signedIn(t, base, user)
		issued = append(issued, client.Token())
	}
	for _, base := range []string{c.urls["api"], c.urls["operations"]} {
		for _, wrong := range []map[string]string{
			{"grant": "password", "user": trader, "password": wrongUserPassword, "code": "123456"},
			{"grant": "client_credentials", "user": system, "secret": wrongUserSecret},
		} {
			if status := c.post(t, ctx, base+"/v1/tokens", wrong); status == http.StatusCreated {
				t.Errorf("%s gives a token for %v", base, wrong)
			}
		}
	}
	return issued
}

func (c *core) signedIn(t *testing.T, base, user string) *apiclient.Client {
	t.Helper()
	client, err := apiclient.Open(base, c.Folder, user)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := client.Login(ctx); err != nil {
		t.Fatal(err)
	}
	return client
}

// post makes a request without a token, and returns the status.
func (c *core) post(t *testing.T, ctx context.Context, address string, body any) int { //nolint:revive // t first, as everywhere here
	t.Helper()
	certificate, err := os.ReadFile(filepath.Join(c.Folder, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// shownToOnCall searches what on-call is shown: the page, traces with their data, log lines, messages that failed.
func (c *core) shownToOnCall(t *testing.T, s *search) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client := c.signedIn(t, c.urls["operations"], operations)
	look := func(path string) []byte {
		a, err := client.Do(ctx, http.MethodGet, path, nil, nil)
		if err != nil || a.Status != http.StatusOK {
			t.Errorf("%s: %v, status %d: %.200s", path, err, a.Status, a.Body)
		}
		s.answers++
		s.in("answer to "+path, a.Body)
		return a.Body
	}
	look("/")
	look("/v1/logs?limit=1000")
	look("/v1/errors?limit=100")
	var found struct {
		Traces []struct {
			Story string `json:"story"`
		} `json:"traces"`
	}
	if err := json.Unmarshal(look("/v1/traces?limit=100"), &found); err != nil || len(found.Traces) == 0 {
		t.Errorf("no traces are found: %v", err)
	}
	for _, one := range found.Traces {
		look("/v1/traces/" + url.PathEscape(one.Story))
	}
}
