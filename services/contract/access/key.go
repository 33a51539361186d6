package access

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
)

// PrivateKey opens what is sealed for auth. Only auth has it. It is written as 32 bytes in base64 (URL, without padding).
type PrivateKey struct{ key *ecdh.PrivateKey }

// PublicKey seals for the holder of the private key. It is no secret. It is written as the private one.
type PublicKey struct{ key *ecdh.PublicKey }

// NewKey draws a private key.
func NewKey() (PrivateKey, error) {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("draw a key: %w", err)
	}
	return PrivateKey{key}, nil
}

// Public returns the key that others seal with.
func (k PrivateKey) Public() PublicKey { return PublicKey{k.key.PublicKey()} }

// Reveal returns the written form of the private key: a secret. There is no String, so that no log shows it.
func (k PrivateKey) Reveal() string { return base64.RawURLEncoding.EncodeToString(k.key.Bytes()) }

// String returns the written form.
func (k PublicKey) String() string { return base64.RawURLEncoding.EncodeToString(k.key.Bytes()) }

// IsZero reports whether there is no key.
func (k PublicKey) IsZero() bool { return k.key == nil }

// UnmarshalText reads the written form. The error does not show the text.
func (k *PrivateKey) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil {
		return errNoKey
	}
	if k.key, err = ecdh.X25519().NewPrivateKey(b); err != nil {
		return errNoKey
	}
	return nil
}

// UnmarshalText reads the written form.
func (k *PublicKey) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil {
		return errNoKey
	}
	if k.key, err = ecdh.X25519().NewPublicKey(b); err != nil {
		return errNoKey
	}
	return nil
}

var errNoKey = errors.New("not a key of 32 bytes in base64: the command `auth key` makes one")

// The suite of RFC 9180 in which everything is sealed.
func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES256GCM() }
