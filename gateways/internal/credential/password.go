// Package credential is how a provider's password is kept and checked: argon2id, so that a file that gets lost does not give the
// passwords away, and few checks at once, since each takes memory and time by design.
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

// Cost of new hashes: the second choice of RFC 9106 is 64 MiB; a gateway that must admit all its providers at once
// after a takeover takes the smallest of those that OWASP calls equal, 7 MiB with five passes, about 20 ms. The 19 MiB with
// two passes take as long where nothing else runs, and twice as long on busy cores, whose caches they do not fit into.
const (
	memoryKiB = 7 << 10
	passes    = 5
	threads   = 1
	saltBytes = 16
	keyBytes  = 32
)

// Bounds of hashes from a file, so that a typing error does not take the machine.
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

// Valid is nil for a hash that passwords can be checked against.
func Valid(phc string) error {
	_, err := parse(phc)
	return err
}

// Known is what a provider is known by.
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

// NewChecker returns a checker that runs up to so many checks at once.
func NewChecker(atOnce int) *Checker {
	return &Checker{
		slots:  make(chan struct{}, max(1, atOnce)),
		decoy:  Known{User: "nobody", PasswordHash: Hash(rand.Text())},
		memory: newMemory(),
	}
}

// Guest is who wants in: it has to wait its turn where many do.
type Guest interface {
	Turn(ctx context.Context) (done func(), err error)
}

// Check tells whether user and password are those of who; nil means that there is no such provider, which takes as long
// to find out. Whose password was found right before, and is so still, does not wait. The error is the context's: it ended while
// others were being checked.
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
		return false // cannot be: it is valid
	}
	rightKey := subtle.ConstantTimeCompare(h.key, h.of(password, uint32(len(h.key)))) //nolint:gosec // at most 64
	wanted, given := sha256.Sum256([]byte(who.User)), sha256.Sum256([]byte(user))
	return rightKey&subtle.ConstantTimeCompare(wanted[:], given[:]) == 1 && exists
}
