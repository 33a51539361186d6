package credential

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync"
)

// memory knows which passwords were right, so that who comes again, after a move or with a thousand others when a network is
// back, costs no second check. It holds no passwords but digests of them, under a key that never leaves the process: whoever reads
// those reads the passwords too, as they come. Nothing is faster for a wrong one.
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

// digest is of the password with the hash that it was checked against: under a new one it is checked again.
func (m *memory) digest(who *Known, password string) []byte {
	mac := hmac.New(sha256.New, m.key)
	_, _ = mac.Write([]byte(who.PasswordHash + "\x00" + password)) // never fails; a hash has no such byte
	return mac.Sum(nil)
}
