package credential

import (
	"crypto/rand"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
)

// Cost is what one check of a password costs: memory and passes of argon2id. It is kept with each hash, so hashes of an older cost
// stay good.
type Cost struct {
	MemoryKiB uint32 `json:"memory_kib"`
	Passes    uint32 `json:"passes"`
}

// Standard is one of the equal choices of OWASP for argon2id, with one thread. A check takes about 20 ms.
func Standard() Cost { return Cost{MemoryKiB: 7 << 10, Passes: 5} }

const (
	saltBytes = 16
	keyBytes  = 32
)

// passwordHash is an argon2id hash (RFC 9106) of a person's password.
type passwordHash struct {
	Cost
	Salt []byte `json:"salt"`
	Key  []byte `json:"key"`
}

func hashPassword(password string, c Cost) *passwordHash {
	h := &passwordHash{Cost: c, Salt: make([]byte, saltBytes)}
	_, _ = rand.Read(h.Salt) // never fails: see crypto/rand
	h.Key = h.of(password)
	return h
}

func (h passwordHash) of(password string) []byte {
	return argon2.IDKey([]byte(password), h.Salt, h.Passes, h.MemoryKiB, 1, keyBytes)
}

func (h passwordHash) is(password string) bool {
	return subtle.ConstantTimeCompare(h.Key, h.of(password)) == 1
}

// ofNobody is compared with the password of a user whom auth does not know, so that this takes as long as for one whom it knows.
// Its key is all zeros, which no password has.
func ofNobody() passwordHash {
	return passwordHash{Cost: Standard(), Salt: make([]byte, saltBytes), Key: make([]byte, keyBytes)}
}
