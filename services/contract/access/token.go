package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
)

// tokenMark begins every token, so that a tool that searches for lost secrets finds them.
const tokenMark = "fxt_"

// NewToken draws a token: 256 random bits as text.
func NewToken() string {
	var drawn [32]byte
	_, _ = rand.Read(drawn[:]) // never fails: see crypto/rand
	return tokenMark + base64.RawURLEncoding.EncodeToString(drawn[:])
}

// HashOf returns a token's SHA-256 in hex: what messages and tables have of it. A slow hash would add nothing, because a token
// cannot be guessed.
func HashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// CheckHash returns an error unless text has the form of HashOf.
func CheckHash(text string) error {
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != sha256.Size || hex.EncodeToString(sum) != text {
		return errors.New("the token hash is not a SHA-256 in lower-case hex")
	}
	return nil
}
