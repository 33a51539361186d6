// Package openidtest runs an identity provider in a test: a server on TLS that serves its discovery document and its keys, and signs ID
// tokens.
package openidtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"fxcore/services/auth/internal/openid"
)

// Client is the client id of the core at the identity provider.
const Client = "fxcore"

// Secret is the secret of a login, made of its short name.
func Secret(name string) string { return name + strings.Repeat("~", 43-len(name)) }

// Provider is an identity provider. It is safe for concurrent use.
type Provider struct {
	URL string // the issuer

	t      testing.TB
	server *httptest.Server

	mu      sync.Mutex
	key     jose.JSONWebKey // that signs
	shown   []any           // the keys that are published
	away    bool
	asked   int
	answers map[string]http.HandlerFunc // by path, instead of the usual ones
}

// New starts an identity provider with one key. It ends with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t, answers: map[string]http.HandlerFunc{}}
	p.server = httptest.NewTLSServer(http.HandlerFunc(p.serve))
	p.URL = p.server.URL
	t.Cleanup(p.server.Close)
	p.Rotate()
	return p
}

// Config is how the core is told of the identity provider.
func (p *Provider) Config() openid.Config {
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
	return openid.Config{Issuer: p.URL, ClientID: Client, Claim: "preferred_username", CA: string(ca)}
}

// Rotate signs by a new key from now on, and publishes no other.
func (p *Provider) Rotate() {
	p.t.Helper()
	drawn, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	p.SignBy(jose.JSONWebKey{Key: drawn, KeyID: rand.Text(), Algorithm: string(jose.ES256), Use: "sig"})
}

// SignBy signs by a key from now on, and publishes it beside others, which stand for what another has.
func (p *Provider) SignBy(key jose.JSONWebKey, others ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key, p.shown = key, append(others, key.Public())
}

// GoAway makes the identity provider answer nothing but errors, or answer again.
func (p *Provider) GoAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// Answer replaces what is answered under a path.
func (p *Provider) Answer(path string, by http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[path] = by
}

// Asked returns how often the keys were asked for.
func (p *Provider) Asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// Claims are those of a login of a user at a time.
func (p *Provider) Claims(user, secret string, now time.Time) map[string]any {
	return map[string]any{
		"iss": p.URL, "aud": Client, "sub": "subject of " + user, "preferred_username": user, "nonce": openid.Nonce(secret),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
}

// IDToken is the signed ID token of a login of a user at a time.
func (p *Provider) IDToken(user, secret string, now time.Time) string {
	p.t.Helper()
	return p.Sign(p.Claims(user, secret, now))
}

// Sign signs claims by the key of the moment.
func (p *Provider) Sign(claims map[string]any) string {
	p.t.Helper()
	p.mu.Lock()
	key := p.key
	p.mu.Unlock()
	return SignedBy(p.t, key, claims)
}

// SignedBy signs claims by a key.
func SignedBy(t testing.TB, key jose.JSONWebKey, claims map[string]any) string {
	t.Helper()
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if by := p.answers[r.URL.Path]; by != nil {
		by(w, r)
		return
	}
	var document any
	switch {
	case p.away:
		http.Error(w, "down for maintenance", http.StatusBadGateway)
		return
	case r.URL.Path == "/.well-known/openid-configuration":
		document = map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}}
	case r.URL.Path == "/keys":
		p.asked++
		document = map[string]any{"keys": p.shown}
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(document) // the client may have gone
}
