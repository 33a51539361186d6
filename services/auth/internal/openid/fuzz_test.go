package openid_test

import (
	"log/slog"
	"testing"
	"time"

	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/openid/openidtest"
)

// Whatever somebody sends, nobody comes in but the user for whom the identity provider has signed.
func FuzzCheck(f *testing.F) {
	bank := openidtest.New(f)
	p := openid.New(bank.Config(), func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if err := p.Fetch(f.Context()); err != nil {
		f.Fatal(err)
	}
	secret := openidtest.Secret("one")
	good := bank.IDToken("U0001", secret, now)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(`{"payload":"e30","signatures":[{"protected":"e30","signature":""}]}`)
	f.Add("..")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := p.Check(text, secret, now)
		if text == good && (err != nil || got.User != "U0001") {
			t.Errorf("the original: %+v, %v", got, err)
		}
		if text != good && err == nil && got.User != "U0001" {
			t.Errorf("%q: %+v", text, got)
		}
	})
}
