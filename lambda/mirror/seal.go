package mirror

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrForged says that a set is not as its origin has signed it.
var ErrForged = errors.New("it is not as its origin has signed it")

// Signer signs sets at their origin. The zero Signer signs nothing.
//
// It signs two things: that a version has certain records, and that a version held as of a time. An origin that only confirms a version
// does not have the records at hand.
type Signer struct{ key ed25519.PrivateKey }

// NewSigner draws a key.
func NewSigner() (Signer, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return Signer{}, fmt.Errorf("draw a key: %w", err)
	}
	return Signer{key}, nil
}

// UnmarshalText reads a key as Reveal writes it.
func (s *Signer) UnmarshalText(text []byte) error {
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return errors.New("not a key: 32 bytes in base64")
	}
	s.key = ed25519.NewKeyFromSeed(seed)
	return nil
}

// Reveal returns the secret key as text.
func (s Signer) Reveal() string { return base64.StdEncoding.EncodeToString(s.key.Seed()) }

// Public returns the key by which readers check, as [Keys] reads it.
func (s Signer) Public() string {
	return base64.StdEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Content signs that the version of the set has these records.
func (s Signer) Content(set string, version int64, records map[string][]byte) string {
	return s.sign(contentClaim(set, version, records))
}

// Held signs that the version of the set held as of a time.
func (s Signer) Held(set string, version int64, asOf time.Time) string {
	return s.sign(heldClaim(set, version, asOf))
}

func (s Signer) sign(text []byte) string {
	if s.key == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(ed25519.Sign(s.key, text))
}

// Keys are the public keys of a set's origin. While a key is replaced there are two. Nil checks nothing; see [Signed].
type Keys []ed25519.PublicKey

// UnmarshalText reads keys in base64, with commas between them.
func (k *Keys) UnmarshalText(text []byte) error {
	for one := range strings.SplitSeq(string(text), ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(one))
		if err != nil || len(key) != ed25519.PublicKeySize {
			return errors.New("not public keys: 32 bytes each, in base64")
		}
		*k = append(*k, key)
	}
	return nil
}

// verify returns ErrForged unless one of the keys has made the signature.
func (k Keys) verify(text []byte, signature string) error {
	if k == nil {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(raw) != ed25519.SignatureSize {
		return ErrForged
	}
	for _, key := range k {
		if ed25519.Verify(key, text, raw) {
			return nil
		}
	}
	return ErrForged
}

// contentClaim is what is signed of a version: set, version, and a digest of all ids and records in the order of the ids, each with its length.
func contentClaim(set string, version int64, records map[string][]byte) []byte {
	digest := sha256.New()
	var length [8]byte
	add := func(part []byte) {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		_, _ = digest.Write(length[:])
		_, _ = digest.Write(part)
	}
	for _, id := range slices.Sorted(maps.Keys(records)) {
		add([]byte(id))
		add(records[id])
	}
	return digest.Sum(claim("content", set, version))
}

func heldClaim(set string, version int64, asOf time.Time) []byte {
	return strconv.AppendInt(claim("held", set, version), asOf.UnixMicro(), 10)
}

// claim begins what is signed. A set's name has no space, so no claim is the beginning of another.
func claim(kind, set string, version int64) []byte {
	return bytes.Join([][]byte{[]byte(kind), []byte(set), strconv.AppendInt(nil, version, 10), nil}, []byte(" "))
}
