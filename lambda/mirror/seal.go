package mirror

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"fxcore/lambda/signing"
)

// ErrForged says that a set is not as its origin has signed it.
var ErrForged = errors.New("it is not as its origin has signed it")

// Signer signs sets at their origin. The zero Signer signs nothing.
//
// It signs two things: that a version has certain records, and that a version held as of a time. An origin that only confirms a version
// does not have the records at hand.
type Signer struct{ signing.Key }

// NewSigner draws a key.
func NewSigner() (Signer, error) {
	key, err := signing.New()
	return Signer{key}, err
}

// ParseSigner reads a key as Reveal writes it.
func ParseSigner(text string) (s Signer, err error) {
	err = s.UnmarshalText([]byte(text))
	return s, err
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
	if s.IsZero() {
		return ""
	}
	return base64.StdEncoding.EncodeToString(s.Key.Sign(text))
}

// Keys are the public keys of a set's origin. While a key is replaced there are two. Nil checks nothing; see [Signed].
type Keys []signing.PublicKey

// ParseKeys reads keys in base64, with commas between them.
func ParseKeys(text string) (Keys, error) {
	keys, err := signing.ParsePublicKeys(text)
	return keys, err
}

// UnmarshalText reads keys as ParseKeys does.
func (k *Keys) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKeys(string(text))
	return err
}

// verify returns ErrForged unless one of the keys has made the signature.
func (k Keys) verify(text []byte, signature string) error {
	if k == nil {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(raw) != signing.SignatureSize {
		return ErrForged
	}
	for _, key := range k {
		if key.Verify(text, raw) {
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
