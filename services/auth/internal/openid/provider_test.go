package openid_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/openid/openidtest"
)

// An ID token by a key that was published since the keys were fetched is refused as one that may be good, and the keys are on their
// way. The former key counts no longer once they are there.
func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	bank := openidtest.New(t)
	p := openid.New(bank.Config(), time.Now, testkit.Log(t))
	testkit.Background(t, p.Run)
	testkit.Eventually(t, "the first keys", time.Minute, func() error { return p.Fresh(t.Context()) })
	secret := openidtest.Secret("before")
	before := bank.IDToken("U0001", secret, time.Now().Add(-2*time.Minute))
	if _, err := p.Check(before, secret, time.Now()); err != nil {
		t.Fatal(err)
	}
	bank.Rotate()
	after := openidtest.Secret("after")
	first := true
	testkit.Eventually(t, "the new keys", time.Minute, func() error {
		_, err := p.Check(bank.IDToken("U0001", after, time.Now()), after, time.Now())
		if first && !errors.Is(err, openid.ErrAway) || err != nil && !errors.Is(err, openid.ErrAway) {
			t.Errorf("before the new keys are there: %v", err)
		}
		first = false
		return err
	})
	if _, err := p.Check(before, secret, time.Now()); !errors.Is(err, openid.ErrRefused) {
		t.Errorf("by the former key: %v", err)
	}
}

// While the identity provider is away, its keys count for an hour. Without keys nothing is said about an ID token.
func TestTheIdentityProviderIsAway(t *testing.T) {
	t.Parallel()
	bank := openidtest.New(t)
	at := now
	p := openid.New(bank.Config(), func() time.Time { return at }, testkit.Log(t))
	secret := openidtest.Secret("one")
	check := func() error {
		_, err := p.Check(bank.IDToken("U0001", secret, at), secret, at)
		return err
	}
	bank.GoAway(true)
	if err := p.Fetch(t.Context()); err == nil || p.Fresh(t.Context()) == nil || !errors.Is(check(), openid.ErrAway) {
		t.Errorf("never seen: %v, %v", err, check())
	}
	bank.GoAway(false)
	if err := p.Fetch(t.Context()); err != nil || p.Fresh(t.Context()) != nil || check() != nil {
		t.Errorf("there: %v, %v", err, check())
	}
	bank.GoAway(true)
	at = now.Add(time.Hour)
	if err := p.Fetch(t.Context()); err == nil || check() != nil {
		t.Errorf("away for an hour: %v, %v", err, check())
	}
	at = at.Add(time.Second)
	if !errors.Is(check(), openid.ErrAway) || p.Fresh(t.Context()) == nil {
		t.Errorf("away for longer: %v", check())
	}
}

// What the identity provider answers is not believed more than needed.
func TestBadAnswersLeaveTheKeysAsTheyAre(t *testing.T) {
	t.Parallel()
	const discovery = "/.well-known/openid-configuration"
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	for what, answer := range map[string]struct {
		path string
		by   http.HandlerFunc
	}{
		"a page":                   {discovery, says("<html>")},
		"another issuer":           {discovery, says(`{"issuer":"https://elsewhere.example","jwks_uri":"https://elsewhere.example/keys"}`)},
		"another place":            {discovery, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) }},
		"no keys":                  {"/keys", says(`{"keys":[]}`)},
		"keys that are no list":    {"/keys", says(`{"keys":7}`)},
		"keys elsewhere":           {"/keys", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) }},
		"an answer without an end": {"/keys", says(`{"keys":["` + strings.Repeat("x", 2<<20) + `"]}`)},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			bank, p := ready(t)
			bank.Answer(answer.path, answer.by)
			err := p.Fetch(t.Context())
			if err == nil || len(err.Error()) > 400 {
				t.Errorf("the error is %v", err)
			}
			secret := openidtest.Secret("one")
			if _, err := p.Check(bank.IDToken("U0001", secret, now), secret, now); err != nil {
				t.Error(err)
			}
		})
	}
}

// Keys come by https, and from whom the bank trusts.
func TestTheIdentityProviderProvesWhoItIs(t *testing.T) {
	t.Parallel()
	bank := openidtest.New(t)
	stranger := bank.Config()
	stranger.CA = ""
	if err := openid.New(stranger, time.Now, testkit.Log(t)).Fetch(t.Context()); err == nil {
		t.Error("a certificate that nobody vouches for is taken")
	}
	bank.Answer("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"issuer":"` + bank.URL + `","jwks_uri":"` + strings.Replace(bank.URL, "https:", "http:", 1) + `/keys"}`))
	})
	if err := openid.New(bank.Config(), time.Now, testkit.Log(t)).Fetch(t.Context()); err == nil || bank.Asked() != 0 {
		t.Errorf("keys without TLS: %v", err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	good := openid.Config{Issuer: "https://login.example/realms/bank", ClientID: "fxcore", Claim: "preferred_username"}
	for what, c := range map[string]struct {
		change func(*openid.Config)
		good   bool
	}{
		"good":                   {func(*openid.Config) {}, true},
		"off":                    {func(c *openid.Config) { *c = openid.Config{Claim: "preferred_username"} }, true},
		"a client and no issuer": {func(c *openid.Config) { c.Issuer = "" }, false},
		"no TLS":                 {func(c *openid.Config) { c.Issuer = "http://login.example" }, false},
		"no address":             {func(c *openid.Config) { c.Issuer = "https://" }, false},
		"a query":                {func(c *openid.Config) { c.Issuer += "?a=b" }, false},
		"no client":              {func(c *openid.Config) { c.ClientID = "" }, false},
		"no claim":               {func(c *openid.Config) { c.Claim = "" }, false},
		"no certificate":         {func(c *openid.Config) { c.CA = "ca.pem" }, false},
	} {
		cfg := good
		c.change(&cfg)
		if err := cfg.Validate(); (err == nil) != c.good {
			t.Errorf("%s: %v", what, err)
		}
	}
}
