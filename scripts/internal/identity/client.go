package identity

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Login is a person's way through the code flow, as the person's client goes it.
type Login struct {
	Secret   string // of which the nonce was made
	Verifier string
	State    string

	endpoints struct {
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
	}
	provider *Provider
}

// Begin draws a login's secrets, and learns from the discovery document where to go.
func (p *Provider) Begin(ctx context.Context) (*Login, error) {
	l := &Login{Secret: rand.Text() + rand.Text(), Verifier: rand.Text() + rand.Text(), State: rand.Text(), provider: p}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/.well-known/openid-configuration", http.NoBody)
	if err != nil {
		return nil, err
	}
	return l, l.ask(r, http.StatusOK, &l.endpoints)
}

// Authorize has a user log in, and returns the code with which the browser comes back.
func (l *Login) Authorize(ctx context.Context, user, password string) (code string, err error) {
	query := url.Values{
		"response_type": {"code"}, "scope": {"openid profile"}, "client_id": {l.provider.Client}, "redirect_uri": {l.provider.Redirect},
		"state": {l.State}, "nonce": {S256(l.Secret)}, "code_challenge_method": {"S256"}, "code_challenge": {S256(l.Verifier)},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.endpoints.Authorization+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return "", err
	}
	r.SetBasicAuth(user, password)
	answer, err := l.provider.HTTP().Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	back, err := answer.Location()
	if err != nil {
		return "", fmt.Errorf("log in as %s: %s: %w", user, answer.Status, err)
	}
	if got := back.Query(); got.Get("state") == l.State && got.Get("code") != "" && strings.HasPrefix(back.String(), l.provider.Redirect+"?") {
		return got.Get("code"), nil
	}
	return "", fmt.Errorf("log in as %s: sent back to %s", user, back)
}

// Redeem exchanges a code for the ID token. The verifier is usually the login's own.
func (l *Login) Redeem(ctx context.Context, code, verifier string) (idToken string, err error) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {l.provider.Client}, "redirect_uri": {l.provider.Redirect},
		"code": {code}, "code_verifier": {verifier},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.endpoints.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var got struct {
		IDToken string `json:"id_token"`
	}
	err = l.ask(r, http.StatusOK, &got)
	return got.IDToken, err
}

func (l *Login) ask(r *http.Request, want int, into any) error {
	answer, err := l.provider.HTTP().Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s answers %s: %s", r.URL.Path, answer.Status, text)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
