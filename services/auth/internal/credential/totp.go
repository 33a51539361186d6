package credential

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the hash of RFC 6238 that every authenticator has; collisions do not matter for an HMAC
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// One-time codes of RFC 6238, as all authenticators make them.
const (
	codeStep    = 30 * time.Second
	codeModulus = 1_000_000 // six digits
	codeWindow  = 1         // steps that a person's clock may be wrong, and that typing may take
	totpBytes   = 20
)

// totp is the secret that a person's authenticator shares with the bank.
type totp []byte

// step returns the number of the time step in which now lies.
func step(now time.Time) int64 { return now.Unix() / int64(codeStep/time.Second) }

// code returns the code of a time step.
func (s totp) code(step int64) string {
	mac := hmac.New(sha1.New, s)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash never fails
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	truncated := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", truncated%codeModulus)
}

// match returns the time step of a code, if it is one of those around now and later than the last one that was used. A code
// opens the door once.
func (s totp) match(code string, now time.Time, last int64) (used int64, ok bool) {
	at := step(now)
	for n := at - codeWindow; n <= at+codeWindow; n++ {
		if n > last && subtle.ConstantTimeCompare([]byte(s.code(n)), []byte(code)) == 1 {
			used, ok = n, true
		}
	}
	return used, ok
}

func base32Of(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

func fromBase32(text string) ([]byte, error) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil || len(secret) < totpBytes {
		return nil, fmt.Errorf("the secret of one-time codes must be at least %d bytes in base32", totpBytes)
	}
	return secret, nil
}

// CodeAt returns the one-time code at a time, for programs that stand for a person. secret is in base32.
func CodeAt(secret string, now time.Time) (string, error) {
	s, err := fromBase32(secret)
	return totp(s).code(step(now)), err
}
