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
func secret(name string) bool {
	switch name {
	case "sealed", "password", "new_password", "secret", "login_secret", "id_token", "token", "otp", "private_key",
		"554", "925", "1401", "1402", "1403", "1404", "96":
		return true
	}
	return false
}

// personal reports whether a member can say something about a person: the client's accounts, names, and the provider's message
// as it came.
func personal(name string) bool {
	switch name {
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
	fields := map[string]*string{"client": &f.Client, "provider": &f.Provider, "reference": &f.Reference, "code": &f.Code, "text": &f.Text}
	walk(text, func(m member) bool {
		if field := fields[string(m.name)]; field != nil && *field == "" && text[m.from] == '"' {
			*field = plain(text[m.from:m.to])
		}
		return false
	})
	return f
}

// maxText bounds a text that goes into an index.
const maxText = 400

// plain returns a string without its quotes. It leaves escapes as they are: ids have none.
func plain(quoted []byte) string {
	s := string(quoted[1 : len(quoted)-1])
	return s[:min(len(s), maxText)]
}

// Key seals the personal data of one client. The zero Key is one that was removed.
type Key struct{ secret []byte }

// KeySize is the length of a key in bytes.
const KeySize = 32

// NewKey returns the key of these bytes; no bytes are a key that was removed.
func NewKey(secret []byte) Key { return Key{secret} }

// Gone reports whether the key was removed.
func (k Key) Gone() bool { return len(k.secret) != KeySize }

// Keep returns the data of the message with this id as the journal keeps them: without secrets, and with personal data sealed by
// key. A key that was removed leaves nothing of personal data. With no key (nil), because the message names no client, nothing is
// sealed. The same input gives the same output, so that an attempt can be repeated.
func Keep(id string, text []byte, key *Key) ([]byte, error) {
	return replace(text, func(name string, value []byte) (string, bool, error) {
		switch {
		case secret(name):
			return Masked, string(value) != `""`, nil
		case key == nil || !personal(name) || string(value) == `""`:
			return "", false, nil
		case key.Gone():
			return Shredded, true, nil
		}
		sealed, err := key.seal(id, value)
		return sealed, true, err
	})
}

// Open returns the data as they were, but for secrets. What a removed key has sealed stays closed: [Shredded].
func Open(text []byte, key Key) ([]byte, error) {
	opened := text
	var fault error
	shift := 0
	walk(text, func(m member) bool {
		value := text[m.from:m.to]
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
		opened = append(append(append([]byte{}, opened[:m.from+shift]...), plain...), text[m.to:]...)
		shift += len(plain) - len(value)
		return true
	})
	return opened, fault
}

// replace rewrites the values for which with returns true.
func replace(text []byte, with func(name string, value []byte) (string, bool, error)) ([]byte, error) {
	var out []byte
	var fault error
	copied := 0
	walk(text, func(m member) bool {
		if fault != nil {
			return true
		}
		value, other, err := with(string(m.name), text[m.from:m.to])
		if err != nil {
			fault = err
		}
		if !other || err != nil {
			return false
		}
		out = append(out, text[copied:m.from]...)
		out = append(append(append(out, '"'), value...), '"')
		copied = m.to
		return true
	})
	if copied == 0 {
		return text, fault
	}
	return append(out, text[copied:]...), fault
}

// seal encrypts by AES-256-GCM. The nonce is derived from the message's id and the value, so it never serves two values.
func (k Key) seal(id string, value []byte) (string, error) {
	box, err := k.box()
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, k.secret)
	_, _ = mac.Write([]byte(id))
	_, _ = mac.Write(value)
	nonce := mac.Sum(nil)[:box.NonceSize()]
	return sealMark + base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, value, nil)), nil
}

func (k Key) open(sealed string) ([]byte, error) {
	box, err := k.box()
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < box.NonceSize() {
		return nil, fmt.Errorf("open personal data: they are cut: %w", err)
	}
	value, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], nil)
	if err != nil {
		return nil, fmt.Errorf("open personal data: %w", err)
	}
	return value, nil
}

func (k Key) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.secret)
	if err != nil {
		return nil, fmt.Errorf("use a client's key: %w", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("use a client's key: %w", err)
	}
	return box, nil
}
