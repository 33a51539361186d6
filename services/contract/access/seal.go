package access

import (
	"crypto/hpke"
	"encoding/json"
	"errors"
	"fmt"

	"fxcore/services/contract"
)

// SealProof returns r with a sealed proof. The proof is bound to every other field of r, so who copies it from a message cannot
// use it for another token, another audience or a wider scope.
func (k PublicKey) SealProof(r Requested, p Proof) (Requested, error) {
	var err error
	r.Sealed, err = k.Seal(r.binding(), p)
	return r, err
}

// OpenProof returns the proof in r. It returns an error unless the proof was sealed for one of these keys and for these fields.
func (k Keys) OpenProof(r Requested) (p Proof, err error) {
	err = k.Open(r.Sealed, r.binding(), &p)
	return p, err
}

func (r Requested) binding() string {
	return contract.Digest(append([]string{contract.TokenRequested.Name, r.TokenHash, r.Grant, r.User, r.Audience}, r.Scope...)...)
}

// OpenProof is that of one key.
func (k PrivateKey) OpenProof(r Requested) (Proof, error) { return Keys{k}.OpenProof(r) }

// Seal encodes a value as JSON and encrypts it (HPKE, RFC 9180). binding says what the value is for: to open it needs the same.
func (k PublicKey) Seal(binding string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode what is sealed: %w", err)
	}
	to, err := hpke.NewDHKEMPublicKey(k.key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sealed, err := hpke.Seal(to, kdf(), aead(), []byte(binding), plain)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open is the inverse of Seal. Its error does not say what was sealed.
func (k PrivateKey) Open(sealed []byte, binding string, value any) error {
	by, err := hpke.NewDHKEMPrivateKey(k.key)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	plain, err := hpke.Open(by, kdf(), aead(), []byte(binding), sealed)
	if err != nil {
		return ErrNotForThisKey
	}
	if err := json.Unmarshal(plain, value); err != nil {
		return errors.New("open: what was sealed is not of the expected form")
	}
	return nil
}

// Open opens what was sealed for one of the keys. Errors: as of PrivateKey.Open.
func (k Keys) Open(sealed []byte, binding string, value any) error {
	err := ErrNotForThisKey
	for _, key := range k {
		if err = key.Open(sealed, binding, value); !errors.Is(err, ErrNotForThisKey) {
			return err
		}
	}
	return err
}

// ErrNotForThisKey says that something was sealed for another key or another purpose, or was changed since.
var ErrNotForThisKey = errors.New("sealed for another key or purpose")
