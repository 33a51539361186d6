// Package trust is TLS between the components of the core. Each component has a certificate of the core's own authority, and
// believes that authority alone. Certificates live for hours, so they are replaced while the program runs: the files are read
// again when they have changed, and the next handshake uses what they hold then. Connections that are open stay open.
//
// Package authority makes the certificates.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"fxcore/lambda/follow"
)

// Config names a program's files. It embeds no secret: the files hold them.
type Config struct {
	CAFile          string `env:"TLS_CA_FILE"`          // certificates, in PEM, of the authorities that sign those of the core's components
	CertificateFile string `env:"TLS_CERTIFICATE_FILE"` // the program's own certificate and its key, both in this one PEM file, so that they change at once
}

// Trust makes TLS configurations that follow its files. It is safe for concurrent use.
type Trust struct {
	roots *follow.File[*x509.CertPool]
	own   *follow.File[*tls.Certificate]
}

// ErrPlain says that a setting would send data without TLS, or without a look at the server's certificate.
var ErrPlain = errors.New("components reach each other by TLS alone, and check certificates")

// Open reads the files. CertificateFile may be empty: then the program proves nothing to a server, and cannot be one.
func Open(cfg Config) (*Trust, error) {
	if cfg.CAFile == "" {
		return nil, errors.New("TLS_CA_FILE is not set")
	}
	roots, err := follow.Open(cfg.CAFile, parseRoots)
	if err != nil {
		return nil, fmt.Errorf("TLS_CA_FILE: %w", err)
	}
	t := &Trust{roots: roots}
	if cfg.CertificateFile == "" {
		return t, nil
	}
	if t.own, err = follow.Open(cfg.CertificateFile, parseCertificate); err != nil {
		return nil, fmt.Errorf("TLS_CERTIFICATE_FILE: %w", err)
	}
	return t, nil
}

func parseRoots(text []byte) (*x509.CertPool, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("it holds no certificate")
	}
	return roots, nil
}

func parseCertificate(text []byte) (*tls.Certificate, error) {
	certificate, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, err
	}
	return &certificate, nil
}

// Dialing returns the configuration for connections to a server. Its certificate must be for that name, which may be an IP address.
func (t *Trust) Dialing(name string) *tls.Config {
	c := &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: name,
		// The library would check against authorities that are fixed here. VerifyConnection checks against those that count at the handshake.
		InsecureSkipVerify: true, //nolint:gosec // see VerifyConnection
		VerifyConnection: func(s tls.ConnectionState) error {
			if name == "" {
				return errors.New("the server's name is not known")
			}
			return t.verify(s, x509.VerifyOptions{DNSName: name, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		},
	}
	if t.own != nil {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return t.own.Now(), nil }
	}
	return c
}

// verify also checks a session that is resumed: the authority, or the time, may have changed since.
func (t *Trust) verify(s tls.ConnectionState, o x509.VerifyOptions) error {
	if len(s.PeerCertificates) == 0 {
		return errors.New("the peer has no certificate")
	}
	o.Roots, o.Intermediates = t.roots.Now(), x509.NewCertPool()
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := s.PeerCertificates[0].Verify(o)
	return err
}
