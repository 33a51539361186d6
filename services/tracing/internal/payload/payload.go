package payload

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// What stands in place of values that are not kept.
const (
	Masked   = "(masked)"
	Shredded = "(shredded)"
	sealMark = "sealed:1:"
)

// secret reports whether a member is never kept. Gateways mask what they keep of a provider's message; this is the list for all
// other messages, and for mistakes.
func secret(name []byte) bool {
	switch string(name) {
	case "sealed", "password", "new_password", "secret", "login_secret", "id_token", "token", "otp", "private_key",
		"554", "925", "1401", "1402", "1403", "1404", "96":
		return true
	}
	return false
}

// personal reports whether a member can say something about a person: the client's accounts, names, and the provider's message
// as it came.
func personal(name []byte) bool {
	switch string(name) {
	case "account", "accounts", "bytes", "echo", "from", "to", "full_name", "client_name", "email", "phone", "address":
		return true
	}
	return false
}

// Facts are what the search needs of a payload. A text is empty if the payload does not have it.
type Facts struct {
	Client, Provider, Reference, Code, Text string
}

// Read finds the facts. The first value of each name counts.
func Read(text []byte) Facts {
	var f Facts
	walk(text, func(m member) bool {
		if field := f.field(m.name); field != nil && *field == "" && text[m.from] == '"' {
			*field = plain(m.value())
		}
		return false
	})
	return f
}

// field returns the fact that a member of this name is; nil for none.
func (f *Facts) field(name []byte) *string {
	switch string(name) {
	case "client":
		return &f.Client
	case "provider":
		return &f.Provider
	case "reference":
		return &f.Reference
	case "code":
		return &f.Code
	case "text":
		return &f.Text
	}
	return nil
}

// maxText bounds a text that goes into an index.
const maxText = 400

// plain returns a string without its quotes. It leaves escapes as they are: ids have none.
func plain(quoted []byte) string {
	s := string(quoted[1 : len(quoted)-1])
	return s[:min(len(s), maxText)]
}

// Key seals the personal data of one client. The zero Key is one that was removed.
type Key struct {
	secret []byte
	box    cipher.AEAD // nil if the key was removed
}

// KeySize is the length of a key in bytes.
const KeySize = 32

// NewKey returns the key of these bytes; no bytes are a key that was removed.
func NewKey(secret []byte) Key {
	if len(secret) != KeySize {
		return Key{}
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return Key{} // never: the key has one of AES's sizes
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return Key{} // never: AES has the block size that GCM wants
	}
	return Key{secret, box}
}

// Gone reports whether the key was removed.
func (k Key) Gone() bool { return k.box == nil }

// Keep returns the data of the message with this id as the journal keeps them: without secrets, and with personal data sealed by
// key. A key that was removed leaves nothing of personal data. With no key (nil), because the message names no client, nothing is
// sealed. The same input gives the same output, so that an attempt can be repeated.
func Keep(id string, text []byte, key *Key) []byte {
	return replace(text, func(m member) (string, bool) {
		switch {
		case secret(m.name):
			return Masked, string(m.value()) != `""`
		case key == nil || !personal(m.name) || string(m.value()) == `""`:
			return "", false
		case key.Gone():
			return Shredded, true
		}
		return key.seal(id, m.value()), true
	})
}

// Open returns the data as they were, but for secrets. What a removed key has sealed stays closed: [Shredded].
func Open(text []byte, key Key) ([]byte, error) {
	opened := text
	var fault error
	shift := 0
	walk(text, func(m member) bool {
		value := m.value()
		sealed, found := strings.CutPrefix(string(value), `"`+sealMark)
		if !found || fault != nil {
			return false
		}
		plain := []byte(`"` + Shredded + `"`)
		if !key.Gone() {
			if plain, fault = key.open(strings.TrimSuffix(sealed, `"`)); fault != nil {
				return true
			}
		}
		opened = append(append(append([]byte{}, opened[:m.from+shift]...), plain...), text[m.to():]...)
		shift += len(plain) - len(value)
		return true
	})
	return opened, fault
}

// replace rewrites the values for which with returns true.
func replace(text []byte, with func(member) (string, bool)) []byte {
	var out []byte
	copied := 0
	walk(text, func(m member) bool {
		value, other := with(m)
		if !other {
			return false
		}
		out = append(out, text[copied:m.from]...)
		out = append(append(append(out, '"'), value...), '"')
		copied = m.to()
		return true
	})
	if copied == 0 {
		return text
	}
	return append(out, text[copied:]...)
}

// seal encrypts by AES-256-GCM. The nonce is derived from the message's id and the value, so it never serves two values.
func (k Key) seal(id string, value []byte) string {
	mac := hmac.New(sha256.New, k.secret)
	_, _ = mac.Write([]byte(id))
	_, _ = mac.Write(value)
	nonce := mac.Sum(nil)[:k.box.NonceSize()]
	return sealMark + base64.RawURLEncoding.EncodeToString(k.box.Seal(nonce, nonce, value, nil))
}

func (k Key) open(sealed string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < k.box.NonceSize() {
		return nil, fmt.Errorf("open personal data: they are cut: %w", err)
	}
	value, err := k.box.Open(nil, raw[:k.box.NonceSize()], raw[k.box.NonceSize():], nil)
	if err != nil {
		return nil, fmt.Errorf("open personal data: %w", err)
	}
	return value, nil
}
