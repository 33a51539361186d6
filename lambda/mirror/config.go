package mirror

import (
	"errors"
	"time"

	"fxcore/lambda/follow"
)

// Config bounds how old a set may be and still decide, by [Meta.AsOf]. A mirror keeps older records as well: the program
// that decides checks their age.
type Config struct {
	MaxAge time.Duration `env:"STATIC_MAX_AGE" envDefault:"24h"`
	Keys   Keys          `env:"STATIC_KEYS,required"` // public keys of who signs sets, with commas

	KeysFile string `env:"STATIC_KEYS_FILE"` // file with the same keys, read again when it has changed
}

// Trusted returns whose signatures count, by the file of the keys.
func (c Config) Trusted() *follow.File[Keys] { return follow.Setting(c.Keys, c.KeysFile, ParseKeys) }

// Validate refuses an age that no set can have.
func (c Config) Validate() error {
	if c.MaxAge <= 0 {
		return errors.New("STATIC_MAX_AGE must be positive")
	}
	return nil
}
