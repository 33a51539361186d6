package apiclient

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the hash of RFC 6238
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// credentials are what a user of the demo comes in by: a system has a secret, a person the others.
type credentials struct {
	User     string `json:"user"`
	Secret   string `json:"secret"`
	Password string `json:"password"`
	TOTP     string `json:"totp"` // the secret of one-time codes, in base32
}

// proof returns the body of a request for a token. A person's is good once, and for half a minute.
func (c credentials) proof(now time.Time) (map[string]string, error) {
	if c.Secret != "" {
		return map[string]string{"grant": "client_credentials", "user": c.User, "secret": c.Secret}, nil
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(c.TOTP)
	if err != nil {
		return nil, fmt.Errorf("read the secret of one-time codes of user %s: %w", c.User, err)
	}
	return map[string]string{"grant": "password", "user": c.User, "password": c.Password, "code": code(secret, now)}, nil
}

// codeLife is how long a one-time code is good.
const codeLife = 30 * time.Second

// nextCode waits for the one-time code after that of now.
func nextCode(ctx context.Context, now time.Time) error {
	next := now.Truncate(codeLife).Add(codeLife) // since the year 1, which fits: it is a whole number of half minutes before 1970
	timer := time.NewTimer(next.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// code returns the one-time code at a time (RFC 6238).
func code(secret []byte, now time.Time) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, now.Unix()/30) // a hash never fails
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}
