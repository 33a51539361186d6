package front

import (
	"crypto/tls"
	"errors"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/door"
)

// Config is where providers connect and what a connection may cost. Certificates and keys are PEM texts; give them as
// files: SOCKET_TLS_KEY_FILE and so on.
type Config struct {
	Listen         string          `env:"SOCKET_ADDR" envDefault:"127.0.0.1:9877"` // plain TCP; "none" for none
	ListenTLS      string          `env:"SOCKET_TLS_ADDR" envDefault:"none"`       // TLS 1.2 or later
	Certificate    string          `env:"SOCKET_TLS_CERTIFICATE"`                  // ours, with its chain
	Key            string          `env:"SOCKET_TLS_KEY,unset"`                    // of the certificate
	ClientCA       string          `env:"SOCKET_TLS_CLIENT_CA"`                    // who signs the providers' certificates; empty: none are asked for
	ProxyFrom      arrival.Proxies `env:"SOCKET_PROXY_FROM"`                       // addresses that speak the PROXY protocol to us, 1 or 2; from elsewhere it is not understood
	LoginTimeout   time.Duration   `env:"SOCKET_LOGIN_TIMEOUT" envDefault:"10s"`   // from the connection to the complete login
	WriteTimeout   time.Duration   `env:"SOCKET_WRITE_TIMEOUT" envDefault:"10s"`   // for a provider to take what it is sent
	MaxWaiting     int             `env:"SOCKET_MAX_WAITING" envDefault:"1000"`    // connections that are not logged in; the oldest gives way
	MaxWaitingEach int             `env:"SOCKET_MAX_WAITING_EACH" envDefault:"50"` // the same, of one address
	Checks         int             `env:"SOCKET_PASSWORD_CHECKS" envDefault:"2"`   // at once; each takes 7 MiB and 20 ms
}

// Validate names what is out of range.
func (c Config) Validate() error {
	switch {
	case c.Listen == door.None && c.ListenTLS == door.None:
		return errors.New("SOCKET_ADDR and SOCKET_TLS_ADDR are both none: nobody can connect")
	case c.MaxWaiting < 1 || c.MaxWaitingEach < 1 || c.Checks < 1:
		return errors.New("SOCKET_MAX_WAITING, SOCKET_MAX_WAITING_EACH and SOCKET_PASSWORD_CHECKS must be at least 1")
	case c.LoginTimeout <= 0 || c.WriteTimeout <= 0:
		return errors.New("SOCKET_LOGIN_TIMEOUT and SOCKET_WRITE_TIMEOUT must be positive")
	}
	if c.ListenTLS != door.None {
		_, err := c.tls()
		return err
	}
	return nil
}

func (c Config) tls() (*tls.Config, error) {
	return door.ServerTLS("SOCKET_TLS", c.Certificate, c.Key, c.ClientCA)
}
