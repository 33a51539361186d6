// Package signing holds Ed25519 keys as settings, files and messages have them: 32 bytes in base64. A key is parsed once, and
// knows its name.
package signing

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// SignatureSize is the length of a signature, in bytes.
const SignatureSize = ed25519.SignatureSize

// Key signs. The zero Key is none. There is no String, so that no log shows it.
type Key struct {
	private ed25519.PrivateKey
	public  PublicKey
}

// New draws a key.
func New() (Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("draw a signing key: %w", err)
	}
	return keyOf(private), nil
}

// ParseKey reads a key as Reveal writes it. The error does not show the text.
func ParseKey(text string) (Key, error) {
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(seed) != ed25519.SeedSize {
		return Key{}, errors.New("a signing key is 32 bytes in base64")
	}
	return keyOf(ed25519.NewKeyFromSeed(seed)), nil
}

func keyOf(private ed25519.PrivateKey) Key {
	public, _ := private.Public().(ed25519.PublicKey)
	return Key{private, publicOf(public)}
}

// UnmarshalText reads a key as ParseKey does.
func (k *Key) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKey(string(text))
	return err
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.private == nil }

// Reveal returns the key as text, which is a secret.
func (k Key) Reveal() string { return base64.StdEncoding.EncodeToString(k.private.Seed()) }

// Public returns the key by which others check.
func (k Key) Public() PublicKey { return k.public }

// Sign returns the signature of a message.
func (k Key) Sign(message []byte) []byte { return ed25519.Sign(k.private, message) }

// PublicKey checks signatures. It is no secret. The zero PublicKey is none.
type PublicKey struct {
	key ed25519.PublicKey
	id  string
}

func publicOf(key ed25519.PublicKey) PublicKey {
	sum := sha256.Sum256(key)
	return PublicKey{key, hex.EncodeToString(sum[:6])}
}

// ParsePublicKey reads a key as String writes it.
func ParsePublicKey(text string) (PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return PublicKey{}, errors.New("a public key is 32 bytes in base64")
	}
	return publicOf(b), nil
}

// ParsePublicKeys reads keys with commas between them.
func ParsePublicKeys(text string) (keys []PublicKey, err error) {
	for one := range strings.SplitSeq(text, ",") {
		key, err := ParsePublicKey(one)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// UnmarshalText reads a key as ParsePublicKey does.
func (k *PublicKey) UnmarshalText(text []byte) (err error) {
	*k, err = ParsePublicKey(string(text))
	return err
}

// MarshalText writes a key as String does.
func (k PublicKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// String returns the key as text.
func (k PublicKey) String() string { return base64.StdEncoding.EncodeToString(k.key) }

// ID names the key in messages: the beginning of its digest, in hex.
func (k PublicKey) ID() string { return k.id }

// Verify reports whether the key has made the signature of the message.
func (k PublicKey) Verify(message, signature []byte) bool {
	return len(k.key) == ed25519.PublicKeySize && ed25519.Verify(k.key, message, signature)
}
