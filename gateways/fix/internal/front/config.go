package front

import (
	"crypto/tls"
	"errors"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/door"
)

// Config is where providers connect and what a connection may cost. Certificates and keys are PEM texts; give them as
// files: FIX_TLS_KEY_FILE and so on.
type Config struct {
	Listen         string          `env:"FIX_ADDR" envDefault:"127.0.0.1:9876"`     // plain TCP; "none" for none
	ListenTLS      string          `env:"FIX_TLS_ADDR" envDefault:"none"`           // TLS 1.2 or later
	Certificate    string          `env:"FIX_TLS_CERTIFICATE"`                      // ours, with its chain
	Key            string          `env:"FIX_TLS_KEY,unset"`                        // of the certificate
	ClientCA       string          `env:"FIX_TLS_CLIENT_CA"`                        // who signs the providers' certificates; empty: none are asked for
	ProxyFrom      arrival.Proxies `env:"FIX_PROXY_FROM"`                           // addresses that speak the PROXY protocol to us, 1 or 2; from elsewhere it is not understood
	MaxMessage     int             `env:"FIX_MAX_MESSAGE_BYTES" envDefault:"65536"` // longer ones are refused, unread
	LogonTimeout   time.Duration   `env:"FIX_LOGON_TIMEOUT" envDefault:"10s"`       // from the connection to the complete logon
	MessageTimeout time.Duration   `env:"FIX_MESSAGE_TIMEOUT" envDefault:"30s"`     // from a message's first byte to its last
	WriteTimeout   time.Duration   `env:"FIX_WRITE_TIMEOUT" envDefault:"10s"`       // for a provider to take what it is sent
	StorePatience  time.Duration   `env:"FIX_STORE_PATIENCE" envDefault:"10s"`      // for a message to become durable; then the session ends
	MaxWaiting     int             `env:"FIX_MAX_WAITING" envDefault:"1000"`        // connections that are not logged on; the oldest gives way
	MaxWaitingEach int             `env:"FIX_MAX_WAITING_EACH" envDefault:"50"`     // the same, of one address
}

// Validate names what is out of range.
func (c Config) Validate() error {
	switch {
	case c.Listen == door.None && c.ListenTLS == door.None:
		return errors.New("FIX_ADDR and FIX_TLS_ADDR are both none: nobody can connect")
	case c.MaxMessage < 4<<10 || c.MaxMessage > 16<<20:
		return errors.New("FIX_MAX_MESSAGE_BYTES must be 4096 to 16777216")
	case c.MaxWaiting < 1 || c.MaxWaitingEach < 1:
		return errors.New("FIX_MAX_WAITING and FIX_MAX_WAITING_EACH must be at least 1")
	case c.LogonTimeout <= 0 || c.MessageTimeout <= 0 || c.WriteTimeout <= 0 || c.StorePatience <= 0:
		return errors.New("FIX_LOGON_TIMEOUT, FIX_MESSAGE_TIMEOUT, FIX_WRITE_TIMEOUT and FIX_STORE_PATIENCE must be positive")
	}
	if c.ListenTLS != door.None {
		_, err := c.tls()
		return err
	}
	return nil
}

func (c Config) tls() (*tls.Config, error) {
	return door.ServerTLS("FIX_TLS", c.Certificate, c.Key, c.ClientCA)
}
