package openid

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// The lengths of a login's secret and of a user's id.
const (
	minSecret = 43 // 256 bits in base64
	maxSecret = 128
	maxUser   = 64
)

// Nonce returns the nonce of the login that a secret belongs to (OpenID Connect Core 1.0, section 15.5.2): the SHA-256 in base64url,
// without padding. The client sends it to the identity provider, and only the client has the secret.
func Nonce(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// user returns the user whom a signed ID token names. It checks what the library leaves to us.
func (p *Provider) user(token *oidc.IDToken, secret string, now time.Time) (string, error) {
	var claims struct {
		NotBefore float64 `json:"nbf"`
		Party     string  `json:"azp"`
	}
	all := map[string]any{}
	if err := errors.Join(token.Claims(&claims), token.Claims(&all)); err != nil {
		return "", fmt.Errorf("read its claims: %w", err)
	}
	switch {
	case len(secret) < minSecret || len(secret) > maxSecret, subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(Nonce(secret))) != 1:
		return "", errors.New("its nonce is not of the secret of the login")
	case token.IssuedAt.After(now.Add(leeway)), claims.NotBefore > float64(now.Add(leeway).Unix()):
		return "", errors.New("it is of the future")
	case token.IssuedAt.Before(now.Add(-maxAge)):
		return "", errors.New("it was issued too long ago")
	case claims.Party != "" && claims.Party != p.cfg.ClientID, claims.Party == "" && len(token.Audience) > 1:
		return "", errors.New("it was issued to another client")
	}
	user, _ := all[p.cfg.Claim].(string)
	if user == "" || len(user) > maxUser || strings.ContainsFunc(user, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("its claim %s is not the id of a user", p.cfg.Claim)
	}
	return user, nil
}
