package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// How long a code and an ID token count.
const (
	codeLife  = time.Minute
	tokenLife = 5 * time.Minute
)

// login is a person who has logged in, until the client has the ID token.
type login struct {
	user, nonce, challenge string
	at                     time.Time
}

// Password is the password of a user, whoever it is.
func Password(user string) string { return "password of " + user }

// S256 is how PKCE makes a challenge of a verifier, and how the core wants a nonce made of a login's secret.
func S256(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorize logs a person in, who proves it by HTTP Basic instead of a page, and sends the browser back with a code (RFC 6749, 4.1.2).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != p.Client || q.Get("redirect_uri") != p.Redirect {
		http.Error(w, "the client or its address is not known", http.StatusBadRequest) // nobody is sent to an unknown address
		return
	}
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" ||
		!slices.Contains(strings.Fields(q.Get("scope")), "openid") {
		p.back(w, r, url.Values{"error": {"invalid_request"}})
		return
	}
	user, password, _ := r.BasicAuth()
	if user == "" || password != Password(user) {
		w.Header().Set("WWW-Authenticate", `Basic realm="identity"`)
		http.Error(w, "log in", http.StatusUnauthorized)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.logins[code] = login{user, q.Get("nonce"), q.Get("code_challenge"), time.Now()}
	p.mu.Unlock()
	p.back(w, r, url.Values{"code": {code}})
}

func (p *Provider) back(w http.ResponseWriter, r *http.Request, with url.Values) {
	with.Set("state", r.URL.Query().Get("state"))
	http.Redirect(w, r, p.Redirect+"?"+with.Encode(), http.StatusFound)
}

// token hands the ID token over to whoever has the code and the verifier, once (RFC 6749, 4.1.3; RFC 7636, 4.6).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	code := r.PostFormValue("code")
	p.mu.Lock()
	l, known := p.logins[code]
	delete(p.logins, code) // also after a wrong try
	key := p.key
	p.mu.Unlock()
	fits := r.PostFormValue("grant_type") == "authorization_code" && r.PostFormValue("client_id") == p.Client && r.PostFormValue("redirect_uri") == p.Redirect
	if !known || !fits || time.Since(l.at) > codeLife || S256(r.PostFormValue("code_verifier")) != l.challenge {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	signed, err := p.sign(key, l)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"id_token": signed, "access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLife / time.Second),
	})
}

func (p *Provider) sign(key jose.JSONWebKey, l login) (string, error) {
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": p.URL, "aud": p.Client, "sub": "subject of " + l.user, "preferred_username": l.user, "nonce": l.nonce,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "auth_time": l.at.Unix(),
	})
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
