package openid

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// signature checks one signature by the keys that are there. It implements oidc.KeySet.
type signature struct {
	keys     *keySet
	now      time.Time
	outdated bool // the keys do not suffice to tell whether the signature is good
}

// VerifySignature returns the claims in an ID token. The library turns its error into a text, so outdated says what the text cannot.
func (s *signature) VerifySignature(_ context.Context, idToken string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(idToken, algorithms())
	if err != nil {
		return nil, err
	}
	if !s.keys.usable(s.now) {
		s.outdated = true
		return nil, ErrAway
	}
	header := signed.Signatures[0].Header
	known := s.keys.of(header)
	for _, key := range known {
		if key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if claims, err := signed.Verify(key); err == nil {
			return claims, nil
		}
	}
	unknown := header.KeyID == "" || len(known) == 0
	s.outdated = unknown && s.newerThanKeys(signed.UnsafePayloadWithoutVerification())
	return nil, errors.New("no published key has made the signature")
}

// newerThanKeys reports whether an ID token says that it was issued after the keys were fetched: it may then be signed by a key that
// was published since.
func (s *signature) newerThanKeys(claims []byte) bool {
	var token struct {
		IssuedAt float64 `json:"iat"`
	}
	if json.Unmarshal(claims, &token) != nil {
		return false
	}
	issued := time.Unix(int64(token.IssuedAt), 0)
	return issued.After(s.keys.asOf.Add(-leeway)) && !issued.After(s.now.Add(leeway))
}
