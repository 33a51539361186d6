package credential

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync"
)

// memory remembers which passwords were right. So a provider that logs on again needs no second check, for example when its
// session has moved, or when a thousand providers return after a network failure. It keeps keyed digests and no passwords. The
// key never leaves the process. An attacker who can read the key in memory can read passwords there as well. A wrong password
// is never found here, so its check takes as long as before.
type memory struct {
	key []byte

	mu    sync.Mutex
	right map[string][]byte // by user
}

func newMemory() *memory {
	m := &memory{key: make([]byte, sha256.Size), right: map[string][]byte{}}
	_, _ = rand.Read(m.key) // never fails: see crypto/rand
	return m
}

func (m *memory) add(who *Known, password string) {
	digest := m.digest(who, password)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.right[who.User] = digest
}

func (m *memory) holds(who *Known, password string) bool {
	digest := m.digest(who, password)
	m.mu.Lock()
	defer m.mu.Unlock()
	return subtle.ConstantTimeCompare(m.right[who.User], digest) == 1
}

// digest returns the digest of the password and the hash that it was checked against. After a change of the hash the
// password is checked again.
func (m *memory) digest(who *Known, password string) []byte {
	mac := hmac.New(sha256.New, m.key)
	_, _ = mac.Write([]byte(who.PasswordHash + "\x00" + password)) // never fails; a hash does not contain a zero byte
	return mac.Sum(nil)
}
