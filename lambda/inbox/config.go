package inbox

import (
	"errors"
	"time"
)

// Config says how long a service recognises a message that it has handled, and by which clock it decides.
type Config struct {
	Retention time.Duration `env:"RETENTION" envDefault:"720h"`

	// Clock is the time that tasks are handed, and around which the inbox has partitions; nil is the machine's clock. The
	// program sets it, not the environment. The retention goes by the database server's clock.
	Clock func() time.Time
}

// shortest outlasts a weekend: a message that waited in the error queue may be delivered again on Monday.
const shortest = 72 * time.Hour

// Validate refuses a retention that a redelivery may outlast.
func (c Config) Validate() error {
	if c.Retention < shortest {
		return errors.New("RETENTION must be at least 72h: a message may be delivered again after a weekend")
	}
	return nil
}
