package amqp

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// signingKey signs messages in the name of one program. All its replicas have the same.
type signingKey struct {
	id      string
	private ed25519.PrivateKey
}

// NewSigningKey draws a key. seed is the secret, for AMQP_SIGNING_KEY; public is for the readers' lists.
func NewSigningKey() (seed, public string, err error) {
	pub, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("draw a signing key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(private.Seed()), base64.StdEncoding.EncodeToString(pub), nil
}

// PublicKey returns the public half of a signing key.
func PublicKey(seed string) (string, error) {
	key, err := parseSigningKey(seed)
	if err != nil {
		return "", err
	}
	public, _ := key.private.Public().(ed25519.PublicKey)
	return base64.StdEncoding.EncodeToString(public), nil
}

func parseSigningKey(seed string) (*signingKey, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(seed))
	if err != nil || len(b) != ed25519.SeedSize {
		return nil, errors.New("a signing key is 32 bytes in base64")
	}
	private := ed25519.NewKeyFromSeed(b)
	public, _ := private.Public().(ed25519.PublicKey)
	return &signingKey{keyID(public), private}, nil
}

// keyID names a public key in messages.
func keyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:6])
}

// sign adds the signature of the parcel's address and body to its headers. One signature covers all events of a message.
func (k *signingKey) sign(p *parcel) {
	signature := ed25519.Sign(k.private, signed(p.exchange, p.key, p.msg.ContentType, p.msg.Body))
	p.msg.Headers = amqp091.Table{headerKeyID: k.id, headerSignature: base64.RawStdEncoding.EncodeToString(signature)}
}

// signed is what a signature covers: a digest, which the processor makes quickly, of the address and the body. The address keeps a message
// from being moved to where it means something else.
func signed(exchange, key, contentType string, body []byte) []byte {
	digest := sha256.New()
	for _, part := range []string{"fx core message 1", exchange, key, contentType} {
		_, _ = digest.Write([]byte(part + "\x00"))
	}
	_, _ = digest.Write(body)
	return digest.Sum(nil)
}

// Signers are the public keys of programs that sign: program to keys, in base64. While a key is changed a program has two of them, so that
// what was signed before is still taken: the new one enters the list before the program signs with it, and the old one leaves the list
// when no message that it has signed waits any more.
type Signers map[string][]string

// ParseSigners reads the signers' JSON form.
func ParseSigners(text string) (s Signers, err error) {
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("read the signers' keys: %w", err)
	}
	for program, keys := range s {
		for _, key := range keys {
			if _, err := parsePublicKey(key); err != nil {
				return nil, fmt.Errorf("read the signers' keys: %s: %w", program, err)
			}
		}
	}
	return s, nil
}

func parsePublicKey(key string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, errors.New("a public key is 32 bytes in base64")
	}
	return b, nil
}

// verify returns nil if a key of the message's publisher has signed it.
func (s Signers) verify(d amqp091.Delivery) error {
	id, _ := d.Headers[headerKeyID].(string)
	text, _ := d.Headers[headerSignature].(string)
	signature, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || id == "" || len(signature) != ed25519.SignatureSize {
		return errors.New("it is not signed")
	}
	for _, key := range s[d.UserId] {
		public, err := parsePublicKey(key)
		if err != nil || keyID(public) != id {
			continue
		}
		if !ed25519.Verify(public, signed(d.Exchange, d.RoutingKey, d.ContentType, d.Body), signature) {
			return fmt.Errorf("its signature by key %s is wrong", id)
		}
		return nil
	}
	return fmt.Errorf("it is signed by a key that %q does not have", d.UserId)
}
