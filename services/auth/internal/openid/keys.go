package openid

import (
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keySet is what the identity provider had published at a time.
type keySet struct {
	keys []jose.JSONWebKey
	asOf time.Time
}

func (s *keySet) usable(now time.Time) bool { return s != nil && now.Sub(s.asOf) <= keysLife }

// of returns the keys by which a signature may have been made: those of its key id, or all if it names none.
func (s *keySet) of(header jose.Header) []jose.JSONWebKey {
	if header.KeyID == "" {
		return s.keys
	}
	return (&jose.JSONWebKeySet{Keys: s.keys}).Key(header.KeyID)
}

// signs reports whether a key is one by which ID tokens are signed. One that is secret or for encryption is not.
func signs(k jose.JSONWebKey) bool {
	return k.Valid() && k.IsPublic() && slices.Contains([]string{"", "sig"}, k.Use)
}

// algorithms are those of signatures by published keys. "none", and those by a shared secret (HS256), are not among them.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}
