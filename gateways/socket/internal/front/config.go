package front

import (
	"errors"
	"time"

	"fxcore/gateways/internal/door"
)

// Prefix begins the names of this gateway's settings.
const Prefix = "SOCKET_"

// Config has the address for providers and the bounds of a connection.
type Config struct {
	door.Config

	Listen       string        `env:"ADDR" envDefault:"127.0.0.1:9877"` // plain TCP; "none" for none
	LoginTimeout time.Duration `env:"LOGIN_TIMEOUT" envDefault:"10s"`   // from the connection to the complete login
}

// Validate returns an error that names the settings out of range.
func (c Config) Validate() error {
	if c.LoginTimeout <= 0 {
		return errors.New("SOCKET_LOGIN_TIMEOUT must be positive")
	}
	return c.Check(Prefix, c.Listen)
}
