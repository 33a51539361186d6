package amqp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/follow"
	"fxcore/lambda/signing"
)

// sign adds the signature of a parcel's address and body to its headers. One signature covers all events of a message.
func sign(k signing.Key, p *parcel) {
	signature := k.Sign(signed(p.exchange, p.key, p.msg.ContentType, p.msg.Body))
	p.msg.Headers = amqp091.Table{headerKeyID: k.Public().ID(), headerSignature: base64.RawStdEncoding.EncodeToString(signature)}
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

// Signers are the public keys of programs that sign. While a key is changed a program has two of them, so that what was signed before is
// still taken: the new one enters the list before the program signs with it, and the old one leaves the list when no message that it has
// signed waits any more.
type Signers map[string][]signing.PublicKey

// ParseSigners reads the signers' JSON form: program to keys, in base64.
func ParseSigners(text string) (s Signers, err error) {
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("read the signers' keys: %w", err)
	}
	return s, nil
}

// FollowSigners returns whose signatures count, by the file of the setting. Validate has found the text sound; with an unsound one nobody's
// do.
func (c Config) FollowSigners() *follow.File[Signers] {
	signers, _ := parseSigners(c.Signers)
	return follow.Setting(signers, c.SignersFile, parseSigners)
}

// parseSigners is ParseSigners for a setting: without a text nobody signs.
func parseSigners(text string) (Signers, error) {
	if text == "" {
		return nil, nil
	}
	return ParseSigners(text)
}

// parseKey reads the setting of a program's own key: without a text it has none.
func parseKey(text string) (signing.Key, error) {
	if text == "" {
		return signing.Key{}, nil
	}
	return signing.ParseKey(text)
}

// key returns the key of a program that has an id.
func (s Signers) key(program, id string) (signing.PublicKey, bool) {
	for _, key := range s[program] {
		if key.ID() == id {
			return key, true
		}
	}
	return signing.PublicKey{}, false
}

// verify returns nil if a key of the message's publisher has signed it.
func (s Signers) verify(d amqp091.Delivery) error {
	id, _ := d.Headers[headerKeyID].(string)
	text, _ := d.Headers[headerSignature].(string)
	signature, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || id == "" || len(signature) != signing.SignatureSize {
		return errors.New("it is not signed")
	}
	key, known := s.key(d.UserId, id)
	switch {
	case !known:
		return fmt.Errorf("it is signed by a key that %q does not have", d.UserId)
	case !key.Verify(signed(d.Exchange, d.RoutingKey, d.ContentType, d.Body), signature):
		return fmt.Errorf("its signature by key %s is wrong", id)
	}
	return nil
}
