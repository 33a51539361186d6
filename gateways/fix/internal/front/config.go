package front

import (
	"errors"
	"time"

	"fxcore/gateways/internal/door"
)

// Prefix begins the names of this gateway's settings.
const Prefix = "FIX_"

// Config has the address for providers and the bounds of a connection.
type Config struct {
	door.Config

	Listen         string        `env:"ADDR" envDefault:"127.0.0.1:9876"`     // plain TCP; "none" for none
	MaxMessage     int           `env:"MAX_MESSAGE_BYTES" envDefault:"65536"` // longer ones are refused without being read
	LogonTimeout   time.Duration `env:"LOGON_TIMEOUT" envDefault:"10s"`       // from the connection to the complete logon
	MessageTimeout time.Duration `env:"MESSAGE_TIMEOUT" envDefault:"30s"`     // from a message's first byte to its last
	StorePatience  time.Duration `env:"STORE_PATIENCE" envDefault:"10s"`      // how long a message may take to become durable; then the session ends
}

// Validate returns an error that names the settings out of range.
func (c Config) Validate() error {
	switch {
	case c.MaxMessage < 4<<10 || c.MaxMessage > 1<<20: // the broker takes no message of more than event.MaxBody
		return errors.New("FIX_MAX_MESSAGE_BYTES must be 4096 to 1048576")
	case c.LogonTimeout <= 0 || c.MessageTimeout <= 0 || c.StorePatience <= 0:
		return errors.New("FIX_LOGON_TIMEOUT, FIX_MESSAGE_TIMEOUT and FIX_STORE_PATIENCE must be positive")
	}
	return c.Check(Prefix, c.Listen)
}
