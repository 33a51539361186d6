package access

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
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

// Keys are auth's private keys. What is sealed for any of them is opened; the first one is that of the public key in use. While a key is
// replaced there are two.
type Keys []PrivateKey

// ParseKeys reads keys in their written form, with commas between them.
func ParseKeys(text string) (keys Keys, err error) {
	for one := range strings.SplitSeq(text, ",") {
		var key PrivateKey
		if err := key.UnmarshalText([]byte(strings.TrimSpace(one))); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// UnmarshalText reads keys as ParseKeys does.
func (k *Keys) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKeys(string(text))
	return err
}

// ParsePublicKey reads the written form.
func ParsePublicKey(text string) (k PublicKey, err error) {
	err = k.UnmarshalText([]byte(text))
	return k, err
}

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
