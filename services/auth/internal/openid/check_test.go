package openid_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/openid/openidtest"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// ready returns an identity provider and the core's side of it, which has the keys of the time now.
func ready(t *testing.T) (*openidtest.Provider, *openid.Provider) {
	t.Helper()
	bank := openidtest.New(t)
	p := openid.New(bank.Config(), func() time.Time { return now }, testkit.Log(t))
	if err := p.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	return bank, p
}

func TestAnIDTokenNamesItsUser(t *testing.T) {
	t.Parallel()
	bank, p := ready(t)
	secret := openidtest.Secret("one")
	got, err := p.Check(bank.IDToken("U0001", secret, now), secret, now)
	if err != nil || got.User != "U0001" || got.ID == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	again, err := p.Check(bank.IDToken("U0001", secret, now.Add(time.Second)), secret, now)
	if err != nil || again != got {
		t.Errorf("an ID token of the same login, signed again: %+v, %v", again, err)
	}
	other := openidtest.Secret("two")
	if another, err := p.Check(bank.IDToken("U0001", other, now), other, now); err != nil || another.ID == got.ID {
		t.Errorf("another login: %+v, %v", another, err)
	}
}

// Each row: one claim that is not as it should be, or nearly so and good.
func TestEachClaimIsChecked(t *testing.T) {
	t.Parallel()
	bank, p := ready(t)
	secret := openidtest.Secret("one")
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for _, c := range []struct {
		what, claim string
		value       any // nil: the claim is missing
		good        bool
	}{
		{"another issuer", "iss", "https://elsewhere.example", false},
		{"the issuer with a slash", "iss", bank.URL + "/", false},
		{"no issuer", "iss", nil, false},
		{"another audience", "aud", "payroll", false},
		{"no audience", "aud", nil, false},
		{"an audience with others, issued to us", "aud", []string{openidtest.Client}, true},
		{"an audience with others, issued to nobody", "aud", []string{"payroll", openidtest.Client}, false},
		{"issued to us", "azp", openidtest.Client, true},
		{"issued to another", "azp", "payroll", false},
		{"expired", "exp", at(-time.Second), false},
		{"no expiry", "exp", nil, false},
		{"not yet valid", "nbf", at(2 * time.Minute), false},
		{"valid by a clock that is ahead", "nbf", at(30 * time.Second), true},
		{"issued in the future", "iat", at(2 * time.Minute), false},
		{"issued by a clock that is ahead", "iat", at(30 * time.Second), true},
		{"issued too long ago", "iat", at(-11 * time.Minute), false},
		{"issued some minutes ago", "iat", at(-9 * time.Minute), true},
		{"no time of issue", "iat", nil, false},
		{"the nonce of another login", "nonce", openid.Nonce(openidtest.Secret("two")), false},
		{"the secret as nonce", "nonce", secret, false},
		{"no nonce", "nonce", nil, false},
		{"no user", "preferred_username", nil, false},
		{"an empty user", "preferred_username", "", false},
		{"a list of users", "preferred_username", []string{"U0001"}, false},
		{"a user with a NUL", "preferred_username", "U0001\x00", false},
		{"a user that is too long", "preferred_username", strings.Repeat("U", 65), false},
	} {
		claims := bank.Claims("U0001", secret, now)
		claims[c.claim] = c.value
		if c.value == nil {
			delete(claims, c.claim)
		}
		got, err := p.Check(bank.Sign(claims), secret, now)
		if good := err == nil && got.User == "U0001"; good != c.good || !c.good && !errors.Is(err, openid.ErrRefused) {
			t.Errorf("%s: %+v, %v", c.what, got, err)
		}
	}
}

// Who has only copied an ID token, or has chosen a secret that is easily guessed, does not get in.
func TestAnIDTokenNeedsTheSecretOfItsLogin(t *testing.T) {
	t.Parallel()
	bank, p := ready(t)
	secret := openidtest.Secret("one")
	for what, given := range map[string]string{"none": "", "another": openidtest.Secret("two"), "the nonce": openid.Nonce(secret)} {
		if _, err := p.Check(bank.IDToken("U0001", secret, now), given, now); !errors.Is(err, openid.ErrRefused) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, secret := range map[string]string{"short": "42", "long": strings.Repeat("4", 129)} {
		if _, err := p.Check(bank.IDToken("U0001", secret, now), secret, now); !errors.Is(err, openid.ErrRefused) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// The nonce is made as PKCE makes its challenge. The vector is of RFC 7636, appendix B.
func TestTheNonceIsMadeAsAChallenge(t *testing.T) {
	t.Parallel()
	if got := openid.Nonce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Error(got)
	}
}

// encoded is an ID token of parts that nobody has signed.
func encoded(t *testing.T, header, claims map[string]any, signature string) string {
	t.Helper()
	var parts []string
	for _, part := range []map[string]any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	return strings.Join(append(parts, signature), ".")
}

func TestOnlyASignatureByAPublishedKeyCounts(t *testing.T) {
	t.Parallel()
	bank, p := ready(t)
	secret := openidtest.Secret("one")
	good, claims := bank.IDToken("U0001", secret, now), bank.Claims("U0001", secret, now)
	parts := strings.Split(good, ".")
	var header map[string]any
	text, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err = errors.Join(err, json.Unmarshal(text, &header)); err != nil {
		t.Fatal(err)
	}
	as := func(alg string) map[string]any {
		changed := maps.Clone(header)
		changed["alg"] = alg
		return changed
	}
	other := openidtest.New(t)
	forged := jose.JSONWebKey{Key: []byte(strings.Repeat("0123456789", 4)), KeyID: header["kid"].(string), Algorithm: string(jose.HS256)}
	for what, token := range map[string]string{
		"nothing":                     "",
		"no ID token":                 "fxt_0123",
		"the algorithm none":          encoded(t, as("none"), claims, ""),
		"none, with a signature":      encoded(t, as("none"), claims, parts[2]),
		"another algorithm":           encoded(t, as("RS256"), claims, parts[2]),
		"a secret as the key":         openidtest.SignedBy(t, forged, claims),
		"no signature":                parts[0] + "." + parts[1] + ".",
		"the signature of another":    parts[0] + "." + parts[1] + "." + strings.Split(other.Sign(claims), ".")[2],
		"other claims":                encoded(t, header, other.Claims("U0002", secret, now), parts[2]),
		"claims that are no object":   parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte("7")) + "." + parts[2],
		"a key that nobody publishes": encodedByStranger(t, bank, secret),
		"too long":                    bank.Sign(with(claims, "note", strings.Repeat("x", 8<<10))),
	} {
		if got, err := p.Check(token, secret, now); !errors.Is(err, openid.ErrRefused) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	if _, err := p.Check(good, secret, now); err != nil {
		t.Errorf("the original: %v", err)
	}
}

func with(claims map[string]any, name string, value any) map[string]any {
	changed := maps.Clone(claims)
	changed[name] = value
	return changed
}

// encodedByStranger is an ID token by a key that is not published, issued long before the keys were fetched.
func encodedByStranger(t *testing.T, bank *openidtest.Provider, secret string) string {
	t.Helper()
	return openidtest.New(t).Sign(bank.Claims("U0001", secret, now.Add(-2*time.Minute)))
}

// Identity providers sign by other algorithms, too, and publish keys of kinds that we do not know.
func TestKeysOfAllKinds(t *testing.T) {
	t.Parallel()
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	classic, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	bank, p := ready(t)
	for name, key := range map[string]jose.JSONWebKey{
		"RS256": {Key: classic, KeyID: "1", Algorithm: "RS256"}, "PS256": {Key: classic, KeyID: "2", Algorithm: "PS256", Use: "sig"},
		"EdDSA": {Key: edwards, KeyID: "3", Algorithm: "EdDSA"}, "no key id": {Key: edwards, Algorithm: "EdDSA"},
	} {
		bank.SignBy(key, map[string]any{"kty": "LATTICE", "kid": "9"}, map[string]any{"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"})
		if err := p.Fetch(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		secret := openidtest.Secret(name)
		if got, err := p.Check(bank.IDToken("U0001", secret, now), secret, now); err != nil || got.User != "U0001" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	bank.SignBy(jose.JSONWebKey{Key: edwards, KeyID: "4", Algorithm: "EdDSA", Use: "enc"})
	if err := p.Fetch(t.Context()); err == nil {
		t.Error("a key for encryption alone is taken")
	}
}
