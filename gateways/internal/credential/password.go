// Package credential stores and checks providers' passwords. It stores argon2id hashes, so that a lost file does not reveal the
// passwords. It runs few checks at once, because argon2id takes much memory and time by design.
package credential

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of new hashes. The second choice of RFC 9106 is 64 MiB, which is too much for a gateway that must admit all its providers
// at once after a takeover. OWASP lists several equal choices; this is the smallest: 7 MiB and five passes, about 20 ms. 19 MiB
// and two passes take as long on idle cores, but twice as long on busy ones, because they do not fit into the caches.
const (
	memoryKiB = 7 << 10
	passes    = 5
	threads   = 1
	saltBytes = 16
	keyBytes  = 32
)

// Bounds of hashes from a file, so that a typing error does not use up the machine.
const (
	maxMemoryKiB = 256 << 10
	maxPasses    = 16
	maxThreads   = 8
)

type hash struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

// Hash returns the argon2id hash of a password as a PHC string: $argon2id$v=19$m=7168,t=5,p=1$salt$key.
func Hash(password string) string {
	h := hash{memory: memoryKiB, passes: passes, threads: threads, salt: make([]byte, saltBytes)}
	_, _ = rand.Read(h.salt) // never fails: see crypto/rand
	h.key = h.of(password, keyBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads, b64(h.salt), b64(h.key))
}

func (h hash) of(password string, length uint32) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.threads, length)
}

var errHash = errors.New("not an argon2id PHC string, as the gateway makes them with -hash")

func parse(phc string) (hash, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	var h hash
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil {
		return hash{}, errHash
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, keyErr = base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(h.salt) < 8 || len(h.key) < 16 || len(h.key) > 64 {
		return hash{}, errHash
	}
	if h.memory < 8 || h.memory > maxMemoryKiB || h.passes < 1 || h.passes > maxPasses || h.threads < 1 || h.threads > maxThreads {
		return hash{}, errors.New("its cost is out of bounds")
	}
	return h, nil
}

// Valid returns nil if passwords can be checked against this hash.
func Valid(phc string) error {
	_, err := parse(phc)
	return err
}

// Known has the credentials of a provider.
type Known struct {
	User         string
	PasswordHash string // PHC string, valid
}

// Checker checks users and passwords.
type Checker struct {
	slots  chan struct{}
	decoy  Known
	memory *memory
}

// NewChecker returns a checker that runs at most atOnce checks at a time.
func NewChecker(atOnce int) *Checker {
	return &Checker{
		slots:  make(chan struct{}, max(1, atOnce)),
		decoy:  Known{User: "nobody", PasswordHash: Hash(rand.Text())},
		memory: newMemory(),
	}
}

// Guest is the connection whose password is checked. Turn makes it wait while others are checked.
type Guest interface {
	Turn(ctx context.Context) (done func(), err error)
}

// Check reports whether user and password are those of who. who is nil if there is no such provider; that check takes the same
// time. A password that was right before and still is does not wait. Error: ctx's, if it ends while the guest waits.
func (c *Checker) Check(ctx context.Context, guest Guest, who *Known, user, password string) (bool, error) {
	if who != nil && user == who.User && c.memory.holds(who, password) {
		return true, nil
	}
	done, err := guest.Turn(ctx)
	if err != nil {
		return false, fmt.Errorf("wait for the check of credentials: %w", err)
	}
	defer done()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return false, fmt.Errorf("check credentials: %w", ctx.Err())
	}
	if !c.right(who, user, password) {
		return false, nil
	}
	c.memory.add(who, password)
	return true, nil
}

func (c *Checker) right(who *Known, user, password string) bool {
	exists := who != nil
	if !exists {
		who = &c.decoy
	}
	h, err := parse(who.PasswordHash)
	if err != nil {
		return false // cannot happen: the hash is valid
	}
	rightKey := subtle.ConstantTimeCompare(h.key, h.of(password, uint32(len(h.key)))) //nolint:gosec // at most 64
	wanted, given := sha256.Sum256([]byte(who.User)), sha256.Sum256([]byte(user))
	return rightKey&subtle.ConstantTimeCompare(wanted[:], given[:]) == 1 && exists
}
