// Package identity is an identity provider for tests of a whole core: a server on TLS of OpenID Connect Core 1.0. People log in by the
// authorization code flow with PKCE (RFC 7636), and nothing else.
package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// Provider is an identity provider with one client. Use Start. It is safe for concurrent use.
type Provider struct {
	URL      string // the issuer
	Client   string // the id of the one client
	Redirect string // where the client's logins end

	server *httptest.Server

	mu     sync.Mutex
	key    jose.JSONWebKey
	logins map[string]login // by code, until the code is used
}

// Start starts an identity provider. Error: no key can be drawn.
func Start(client, redirect string) (*Provider, error) {
	p := &Provider{Client: client, Redirect: redirect, logins: map[string]login{}}
	if err := p.Rotate(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewTLSServer(mux)
	p.URL = p.server.URL
	return p, nil
}

// Close ends the server.
func (p *Provider) Close() { p.server.Close() }

// HTTP returns a client that trusts the server and follows no redirect, as a test needs that reads the code.
func (p *Provider) HTTP() *http.Client {
	client := *p.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// CA returns the server's certificate in PEM.
func (p *Provider) CA() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
}

// Rotate signs by a new key from now on, and publishes no other.
func (p *Provider) Rotate() error {
	drawn, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = jose.JSONWebKey{Key: drawn, KeyID: rand.Text(), Algorithm: string(jose.ES256), Use: "sig"}
	return nil
}

// discover serves the discovery document (OpenID Connect Discovery 1.0, section 3).
func (p *Provider) discover(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{string(jose.ES256)}, "code_challenge_methods_supported": []string{"S256"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"keys": []any{p.key.Public()}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}
