package amqp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fxcore/lambda/trust"
)

// Config is how to reach the broker and how much may be under way. Zero values mean the defaults.
type Config struct {
	URL        string        `env:"AMQP_URL,required,unset"`         // amqps://, with user, password and vhost
	CAFile     string        `env:"TLS_CA_FILE"`                     // authorities of the broker's certificate, unless the URL names a file (cacertfile)
	Heartbeat  time.Duration `env:"AMQP_HEARTBEAT" envDefault:"5s"`  // the connection ends after three missed ones
	Window     int           `env:"AMQP_WINDOW" envDefault:"256"`    // AMQP messages published and not yet confirmed
	Prefetch   int           `env:"AMQP_PREFETCH" envDefault:"64"`   // AMQP messages delivered and not yet acknowledged, per queue
	MaxBatch   int           `env:"AMQP_MAX_BATCH" envDefault:"256"` // events that a handler gets at once, at most
	Unsettled  int           `env:"AMQP_UNSETTLED" envDefault:"8"`   // handled batches whose outcomes the broker has not confirmed, per queue
	Attempts   int           `env:"AMQP_ATTEMPTS" envDefault:"10"`   // tries of an event before it goes to the error queue
	NoDeclare  bool          `env:"AMQP_NO_DECLARE"`                 // true where the broker's definitions hold the topology
	StopGrace  time.Duration `env:"AMQP_STOP_GRACE" envDefault:"5s"` // how long a stopping consumer waits for its handler and for the confirms of its outcomes
	Publishers string        `env:"AMQP_PUBLISHERS,required"`        // who publishes what, see Publishers; JSON
	SigningKey string        `env:"AMQP_SIGNING_KEY,unset"`          // of a program that signs
	ProofKeys  string        `env:"AMQP_PROOF_KEYS,unset"`           // keys by which the program knows again what it put into the error queue, with commas; the first one makes proofs
	Signers    string        `env:"AMQP_SIGNERS"`                    // the keys of those whose signatures the program checks, see Signers; JSON

	// Files with the same content. Each is read again when it has changed: the URL for the next connection, the keys for the next message.
	URLFile        string `env:"AMQP_URL_FILE"`
	ProofKeysFile  string `env:"AMQP_PROOF_KEYS_FILE"`
	SigningKeyFile string `env:"AMQP_SIGNING_KEY_FILE"`
	SignersFile    string `env:"AMQP_SIGNERS_FILE"`

	// Impersonates lets the bus publish each type in the name of one of its publishers, and sign all that it publishes. Only a user that the
	// broker lets impersonate others can do so: the one of the tests, which stands for all programs.
	Impersonates string `env:"AMQP_IMPERSONATES"`

	MaxDelay time.Duration `env:"AMQP_MAX_REDIAL_DELAY" envDefault:"1s"` // bound of the backoff between dials
}

// Validate names what is out of range.
func (c Config) Validate() error {
	switch {
	case !strings.HasPrefix(c.URL, "amqps://"):
		return fmt.Errorf("AMQP_URL must begin with amqps://: %w", trust.ErrPlain)
	case c.Window < 1 || c.Window > 10_000:
		return errors.New("AMQP_WINDOW must be 1 to 10000")
	case c.Prefetch < 1 || c.Prefetch > 2_000:
		return errors.New("AMQP_PREFETCH must be 1 to 2000")
	case c.MaxBatch < 1 || c.MaxBatch > 10_000:
		return errors.New("AMQP_MAX_BATCH must be 1 to 10000")
	case c.Unsettled < 1 || c.Unsettled > 1_000:
		return errors.New("AMQP_UNSETTLED must be 1 to 1000")
	case c.Attempts < 1:
		return errors.New("AMQP_ATTEMPTS must be at least 1")
	}
	return c.validTrust()
}

// validTrust never shows a key.
func (c Config) validTrust() error {
	var faults []error
	if _, err := ParsePublishers(c.Publishers); c.Publishers != "" && err != nil {
		faults = append(faults, fmt.Errorf("AMQP_PUBLISHERS: %w", err))
	}
	if _, err := ParsePublishers(c.Impersonates); c.Impersonates != "" && err != nil {
		faults = append(faults, fmt.Errorf("AMQP_IMPERSONATES: %w", err))
	}
	if _, err := parseSigners(c.Signers); err != nil {
		faults = append(faults, fmt.Errorf("AMQP_SIGNERS: %w", err))
	}
	if _, err := parseKey(c.SigningKey); err != nil {
		faults = append(faults, fmt.Errorf("AMQP_SIGNING_KEY: %w", err))
	}
	if _, err := parseProofKeys(c.ProofKeys); err != nil {
		faults = append(faults, fmt.Errorf("AMQP_PROOF_KEYS: %w", err))
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	set(&c.Heartbeat, 5*time.Second)
	set(&c.Window, 256)
	set(&c.Prefetch, 64)
	set(&c.MaxBatch, 256)
	set(&c.Unsettled, 8)
	set(&c.Attempts, 10)
	set(&c.StopGrace, 5*time.Second)
	set(&c.MaxDelay, time.Second)
	return c
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
