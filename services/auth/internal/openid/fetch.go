package openid

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// The bounds of one fetch.
const (
	fetchBound = 10 * time.Second
	maxAnswer  = 1 << 20 // bytes
)

// newClient returns a client that trusts the given certificates, follows no redirect and reads a bounded answer. It keeps no
// connection, because it is used once in minutes.
func newClient(ca string) *http.Client {
	trusted := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		trusted.RootCAs = x509.NewCertPool()
		trusted.RootCAs.AppendCertsFromPEM([]byte(ca))
	}
	return &http.Client{
		Timeout:       fetchBound,
		Transport:     bounded{&http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: trusted, DisableKeepAlives: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded cuts an answer that is too long.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err //nolint:wrapcheck // it stands for the transport
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

// published returns the keys that the identity provider signs by now. Its discovery document says where they are.
func (p *Provider) published(ctx context.Context) ([]jose.JSONWebKey, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchBound)
	defer cancel()
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.cfg.Issuer)
	if err != nil {
		return nil, brief(err)
	}
	var document struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&document); err != nil {
		return nil, brief(err)
	}
	if at, err := url.Parse(document.Keys); err != nil || at.Scheme != "https" {
		return nil, errors.New("the discovery document names no https address of keys")
	}
	return p.keysAt(ctx, document.Keys)
}

// keysAt reads a JSON Web Key Set (RFC 7517). It passes over keys of a kind that it does not know, as section 5 wants.
func (p *Provider) keysAt(ctx context.Context, address string) (keys []jose.JSONWebKey, err error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := p.get(ctx, address, &set); err != nil {
		return nil, brief(err)
	}
	for _, text := range set.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(text) == nil && signs(k) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no key for signatures is published")
	}
	return keys, nil
}

func (p *Provider) get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// brief cuts the text of an error, which may have a whole answer.
func brief(err error) error {
	const longest = 200
	if text := err.Error(); len(text) > longest {
		return errors.New(text[:longest] + "…")
	}
	return err
}
