package door

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/revocation"
)

// Config has the TLS settings, the proxies in front of the gateway, and the bounds of connections. The variables begin with the
// gateway's name: FIX_TLS_ADDR. Certificates and keys are PEM texts; give them as files: FIX_TLS_KEY_FILE and so on.
type Config struct {
	ListenTLS      string          `env:"TLS_ADDR" envDefault:"none"`            // TLS 1.2 or later
	Certificate    string          `env:"TLS_CERTIFICATE"`                       // ours, with its chain
	Key            string          `env:"TLS_KEY,unset"`                         // of the certificate
	CertFile       string          `env:"TLS_CERTIFICATE_FILE"`                  // files with the certificate and its key: a new pair counts for the next connection
	KeyFile        string          `env:"TLS_KEY_FILE"`                          // see CertFile
	ClientCA       string          `env:"TLS_CLIENT_CA"`                         // CA of the providers' certificates; empty: none are asked for
	ClientCRL      string          `env:"TLS_CLIENT_CRL"`                        // lists of revoked client certificates, in PEM, signed by that CA; also for those that a proxy has verified
	ClientCRLFile  string          `env:"TLS_CLIENT_CRL_FILE"`                   // file with the same content, read again when it changes; optional
	ProxyFrom      arrival.Proxies `env:"PROXY_FROM"`                            // addresses of proxies, which must send PROXY protocol 1 or 2; other addresses must not
	ProxyCA        string          `env:"PROXY_CA"`                              // certificates that sign the proxies' own, in PEM
	ProxyName      string          `env:"PROXY_NAME" envDefault:"router.fxcore"` // name in a proxy's certificate
	WriteTimeout   time.Duration   `env:"WRITE_TIMEOUT" envDefault:"10s"`        // for a provider to read what it is sent
	MaxWaiting     int             `env:"MAX_WAITING" envDefault:"1000"`         // connections without a login; beyond it the oldest is closed
	MaxWaitingEach int             `env:"MAX_WAITING_EACH" envDefault:"50"`      // the same, for each address
	Checks         int             `env:"PASSWORD_CHECKS" envDefault:"2"`        // concurrent checks; each takes 7 MiB and 20 ms
}

// Check returns an error that names the setting out of range. prefix begins the variables' names; listen is the address for
// plain TCP.
func (c Config) Check(prefix, listen string) error {
	switch {
	case listen == None && c.ListenTLS == None:
		return fmt.Errorf("%[1]sADDR and %[1]sTLS_ADDR are both none: nobody can connect", prefix)
	case c.MaxWaiting < 1 || c.MaxWaitingEach < 1 || c.Checks < 1:
		return fmt.Errorf("%[1]sMAX_WAITING, %[1]sMAX_WAITING_EACH and %[1]sPASSWORD_CHECKS must be at least 1", prefix)
	case c.WriteTimeout <= 0:
		return errors.New(prefix + "WRITE_TIMEOUT must be positive")
	}
	_, err := c.tls(prefix)
	_, proxyErr := c.proxyTLS(prefix)
	_, revokedErr := revocation.Open("", c.ClientCRL, c.ClientCA, nil, nil)
	return errors.Join(err, proxyErr, revokedErr)
}

// proxyTLS returns the configuration for connections of proxies; nil if there are none. A proxy shows a certificate on each connection:
// sessions are not resumed.
func (c Config) proxyTLS(prefix string) (*tls.Config, error) {
	if len(c.ProxyFrom) == 0 {
		return nil, nil //nolint:nilnil // nil means no proxies
	}
	if c.ProxyCA == "" {
		return nil, fmt.Errorf("%[1]sPROXY_FROM needs %[1]sPROXY_CA: without it every process of those networks could claim an address", prefix)
	}
	config, err := c.serverTLS(prefix+"TLS", c.ProxyCA)
	if err != nil {
		return nil, err
	}
	config.ClientAuth, config.SessionTicketsDisabled = tls.RequireAndVerifyClientCert, true
	config.VerifyConnection = func(s tls.ConnectionState) error {
		return s.PeerCertificates[0].VerifyHostname(c.ProxyName)
	}
	return config, nil
}

// tls returns the server's TLS configuration; nil if the gateway has no TLS address.
func (c Config) tls(prefix string) (*tls.Config, error) {
	if c.ListenTLS == None {
		return nil, nil //nolint:nilnil // nil means no TLS
	}
	return c.serverTLS(prefix+"TLS", c.ClientCA)
}
