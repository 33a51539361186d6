package openid

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"fxcore/services/contract"
)

// Why a login does not lead to a token.
var (
	ErrRefused = errors.New("the ID token does not count")
	ErrAway    = errors.New("the identity provider's keys are missing, too old, or older than the signature")
)

// Login is one login at the identity provider.
type Login struct {
	User string // of the configured claim
	ID   string // the same for one login, however its ID token is written: so a login is good once
}

// The bounds of an ID token.
const (
	maxToken = 8 << 10          // bytes
	maxAge   = 10 * time.Minute // since it was issued: whoever has logged in asks for a token at once
	leeway   = time.Minute      // that two clocks may differ
)

// Check returns who has logged in, at the time now. secret is what the nonce in the ID token was made of: see Nonce. It needs no network.
// Errors: ErrRefused, and ErrAway if newer keys may say that the ID token is good; they are then on their way.
func (p *Provider) Check(idToken, secret string, now time.Time) (Login, error) {
	if len(idToken) > maxToken {
		return Login{}, p.refused(errors.New("it is too long"))
	}
	keys := &signature{keys: p.keys.Load(), now: now}
	verifier := oidc.NewVerifier(p.cfg.Issuer, keys, &oidc.Config{
		ClientID: p.cfg.ClientID, Now: func() time.Time { return now }, SupportedSigningAlgs: names(algorithms()),
	})
	token, err := verifier.Verify(context.Background(), idToken)
	if keys.outdated {
		p.want()
		return Login{}, ErrAway
	}
	if err != nil {
		return Login{}, p.refused(err)
	}
	user, err := p.user(token, secret, now)
	if err != nil {
		return Login{}, p.refused(err)
	}
	return Login{User: user, ID: contract.Digest("openid", token.Issuer, token.Nonce)}, nil
}

// refused tells on-call why an ID token does not count, for one a second at most. Its sender is not told. The error has claims at most,
// never the ID token.
func (p *Provider) refused(err error) error {
	err = fmt.Errorf("%w: %w", ErrRefused, brief(err))
	if second := p.clock().Unix(); p.told.Swap(second) != second {
		p.log.Info("a login by the identity provider is refused", "error", err)
	}
	return err
}

func names[T ~string](all []T) (texts []string) {
	for _, one := range all {
		texts = append(texts, string(one))
	}
	return texts
}
