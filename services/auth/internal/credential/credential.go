// Package credential checks how people and systems prove who they are. A person has a password and an authenticator for one-time
// codes, a system a drawn secret. What auth keeps of them lies in the database sealed, so a copy of the database is of no use.
package credential

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"time"

	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// Shortest lengths.
const (
	minPassword = 12
	minSecret   = 32
)

// Keys is what auth keeps of a credential. The zero value proves nothing.
type Keys struct {
	Password *passwordHash `json:"password,omitempty"` // of a person
	TOTP     totp          `json:"totp,omitempty"`     // of a person
	Secret   []byte        `json:"secret,omitempty"`   // of a system: SHA-256, which is enough because the secret is drawn
}

// Person returns the keys of a person, and the secret of the one-time codes in base32. If the given one is empty, one is drawn.
func Person(password, given string, c Cost) (k Keys, secret string, err error) {
	if len(password) < minPassword {
		return k, "", errors.New("a password has at least 12 characters")
	}
	k = Keys{Password: hashPassword(password, c), TOTP: make([]byte, totpBytes)}
	_, _ = rand.Read(k.TOTP) // never fails
	if given != "" {
		if k.TOTP, err = fromBase32(given); err != nil {
			return Keys{}, "", err
		}
	}
	return k, base32Of(k.TOTP), nil
}

// System returns the keys of a system, and its secret. If the given one is empty, one is drawn.
func System(given string) (k Keys, secret string, err error) {
	if secret = given; secret == "" {
		drawn := make([]byte, 32)
		_, _ = rand.Read(drawn) // never fails
		secret = base64.RawURLEncoding.EncodeToString(drawn)
	}
	if len(secret) < minSecret {
		return k, "", errors.New("a secret has at least 32 characters, and is drawn, not thought up")
	}
	sum := sha256.Sum256([]byte(secret))
	return Keys{Secret: sum[:]}, secret, nil
}

// Check reports whether a proof of a grant is right at the time now. last is the time step of the last one-time code that was
// used, and used that of this one. A password is always checked, so a wrong code takes as long as a right one.
func (k Keys) Check(grant string, p access.Proof, now time.Time, last int64) (used int64, right bool) {
	switch grant {
	case access.Password:
		hash := ofNobody()
		if k.Password != nil {
			hash = *k.Password
		}
		known := hash.is(p.Password) && len(k.TOTP) > 0
		used, fresh := k.TOTP.match(p.Code, now, last)
		if !known || !fresh {
			return last, false
		}
		return used, true
	case access.ClientCredentials:
		sum := sha256.Sum256([]byte(p.Secret))
		return last, len(k.Secret) > 0 && subtle.ConstantTimeCompare(sum[:], k.Secret) == 1
	default:
		return last, false
	}
}

// Binding says for what keys are sealed: those of one user cannot be put in the place of another's.
func Binding(user string) string { return contract.Digest("credential", user) }
