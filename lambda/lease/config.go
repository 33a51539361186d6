package lease

import (
	"errors"
	"time"
)

// Config says how long a lease lasts. After a holder was killed, its name has no holder for Length less Renew to Length, and
// for up to one Poll more. On a machine that wakes this process late a lease lasts longer than Length, see Pace.
type Config struct {
	Length  time.Duration `env:"LEASE_LENGTH" envDefault:"1200ms"` // from a grant or renewal to its expiry, by the database's clock
	Longest time.Duration `env:"LEASE_LONGEST" envDefault:"15s"`   // bound of the same on a slow machine; at most Length: always Length
	Renew   time.Duration `env:"LEASE_RENEW" envDefault:"240ms"`   // between two renewals, all names at once
	Poll    time.Duration `env:"LEASE_POLL" envDefault:"100ms"`    // between two looks at names that are wanted and not held

	reserved time.Duration // for so long after the expiry only the wished replica may take a name; tests set it longer
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

// withDefaults gives an empty Config the defaults that it would have from the environment.
func (c Config) withDefaults() Config {
	if c == (Config{}) {
		c = Config{Length: 1200 * time.Millisecond, Longest: 15 * time.Second, Renew: 240 * time.Millisecond, Poll: 100 * time.Millisecond}
	}
	if c.reserved == 0 {
		c.reserved = reserved
	}
	return c
}

// minLength is long enough that a pause of the scheduler or of the garbage collector costs no lease.
const minLength = 30 * time.Millisecond

// belief is how long a holder trusts a grant of the given length, counted from before its statement was sent. The last third is there
// because a clock may run slower than the database's, and because a tenant needs time to stop.
func belief(length time.Duration) time.Duration { return length / 3 * 2 }

// patience bounds one statement while leases last for the given length. If one renewal hangs, the next one is still in time: Renew +
// patience are at most two thirds of the length.
func patience(length time.Duration) time.Duration { return length / 3 }
