package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
)

// Server returns the configuration of a server. If callers are given, a client must prove by its certificate that it is one of them; without, it
// is asked for none.
func (t *Trust) Server(callers ...string) *tls.Config {
	c := t.AskingServer()
	if len(callers) == 0 {
		c.ClientAuth = tls.NoClientCert
		return c
	}
	c.ClientAuth = tls.RequireAnyClientCert // VerifyConnection checks it
	c.VerifyConnection = func(s tls.ConnectionState) error {
		name, err := t.Peer(s)
		if err == nil && !slices.Contains(callers, name) {
			err = fmt.Errorf("%q is not admitted here", name)
		}
		return err
	}
	return c
}

// AskingServer is Server for one that serves some things to everybody: a client may show a certificate, and [Trust.Peer] tells whose it is.
func (t *Trust) AskingServer() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, ClientAuth: tls.RequestClientCert,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if t.own == nil {
				return nil, errors.New("TLS_CERTIFICATE_FILE is not set")
			}
			return t.own.Now(), nil
		},
	}
}

// Peer returns the common name of a client that has proven itself by a valid certificate. Error: it has not.
func (t *Trust) Peer(s tls.ConnectionState) (string, error) {
	if err := t.verify(s, x509.VerifyOptions{KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		return "", err
	}
	return s.PeerCertificates[0].Subject.CommonName, nil
}
