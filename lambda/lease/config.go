package lease

import (
	"errors"
	"time"
)

// Config says how long a lease lasts, which is how long a name stays without a holder after its holder was killed:
// between Length less Renew and Length, and up to one Poll more.
type Config struct {
	Length time.Duration `env:"LEASE_LENGTH" envDefault:"1200ms"` // from a grant or renewal to its expiry, by the database's clock
	Renew  time.Duration `env:"LEASE_RENEW" envDefault:"240ms"`   // between two renewals, all names at once
	Poll   time.Duration `env:"LEASE_POLL" envDefault:"100ms"`    // between two looks at names that are wanted and not held

	reserved time.Duration // after the expiry, only the one that is wished for may take a name; tests have more of it
}

// Validate names the setting that is wrong.
func (c Config) Validate() error {
	switch {
	case c.Length < minLength:
		return errors.New("LEASE_LENGTH is below 30ms")
	case c.Renew <= 0 || c.Renew > c.Length/3:
		return errors.New("LEASE_RENEW is not positive, or more than a third of LEASE_LENGTH")
	case c.Poll <= 0 || c.Poll > c.Length:
		return errors.New("LEASE_POLL is not positive, or more than LEASE_LENGTH")
	}
	return nil
}

// withDefaults lets a program that sets nothing have what the environment would give it.
func (c Config) withDefaults() Config {
	if c == (Config{}) {
		c = Config{Length: 1200 * time.Millisecond, Renew: 240 * time.Millisecond, Poll: 100 * time.Millisecond}
	}
	if c.reserved == 0 {
		c.reserved = reserved
	}
	return c
}

// Shorter leases would be lost to the scheduler and the garbage collector.
const minLength = 30 * time.Millisecond

// belief is how long a holder trusts a grant, counted from before its statement was sent. The last third is the room for
// a clock that runs slower than the database's, and for a tenant to stop.
func (c Config) belief() time.Duration { return c.Length / 3 * 2 }

// patience bounds one statement. A renewal may hang once and its successor still be in time: Renew + patience are at most
// two thirds of Length.
func (c Config) patience() time.Duration { return c.Length / 3 }
