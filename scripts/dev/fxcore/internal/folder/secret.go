package folder

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// A secret that is being replaced has up to three values: the one in use, the next one, which is trusted already and not yet used, and the
// one before, which is still trusted. The latter two are in files of their own beside it.
const (
	next   = ".next"
	before = ".before"
)

// Draw returns a new secret: 192 random bits in hex, which needs no quoting in URLs, SQL and configuration files.
func Draw() string {
	drawn := make([]byte, 24)
	_, _ = rand.Read(drawn) // never fails
	return hex.EncodeToString(drawn)
}

// Secret returns the named secret, in a file that only the owner can read. The first call draws it.
func (f Folder) Secret(name string) (string, error) { return f.SecretBy(name, drawn) }

func drawn() (string, error) { return Draw(), nil }

// SecretBy is Secret for a secret that draw draws.
func (f Folder) SecretBy(name string, draw func() (string, error)) (string, error) {
	secret, err := f.read(name)
	if err != nil || secret != "" {
		return secret, err
	}
	if secret, err = draw(); err != nil {
		return "", fmt.Errorf("draw secret %s: %w", name, err)
	}
	return secret, f.writeSecret(name, secret)
}

// Values returns the values of a secret that are trusted: the one in use, then the next one and the one before, where there are such.
func (f Folder) Values(name string) (values []string, err error) {
	for _, state := range []string{"", next, before} {
		value, err := f.read(name + state)
		if err != nil {
			return nil, err
		}
		if value != "" {
			values = append(values, value)
		}
	}
	return values, nil
}

// Before returns the value of a secret before the one in use; empty if that is trusted no more.
func (f Folder) Before(name string) (string, error) { return f.read(name + before) }

// Announce keeps the next value of a secret. It is not yet in use.
func (f Folder) Announce(name, value string) error { return f.writeSecret(name+next, value) }

// Promote takes the next value of a secret into use. The one that was in use is kept as the one before.
func (f Folder) Promote(name string) error {
	now, err := f.read(name)
	if err != nil {
		return err
	}
	if err := f.writeSecret(name+before, now); err != nil {
		return err
	}
	if err := os.Rename(f.Path("secrets", name+next), f.Path("secrets", name)); err != nil {
		return fmt.Errorf("take secret %s into use: %w", name, err)
	}
	return nil
}

// Replace takes a value into use at once.
func (f Folder) Replace(name, value string) error {
	if err := f.Announce(name, value); err != nil {
		return err
	}
	return f.Promote(name)
}

// Restore takes the value before into use again. It is for a server that has refused the new one.
func (f Folder) Restore(name string) error {
	if err := os.Rename(f.Path("secrets", name+before), f.Path("secrets", name)); err != nil {
		return fmt.Errorf("restore secret %s: %w", name, err)
	}
	return nil
}

// Forget removes the value before.
func (f Folder) Forget(name string) error {
	if err := os.Remove(f.Path("secrets", name+before)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget secret %s: %w", name, err)
	}
	return nil
}

// read returns what a file of a secret holds; empty if there is none.
func (f Folder) read(name string) (string, error) {
	b, err := os.ReadFile(f.Path("secrets", name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read secret %s: %w", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

func (f Folder) writeSecret(name, value string) error {
	return f.Write("secrets/"+name, []byte(value+"\n"), 0o600)
}
