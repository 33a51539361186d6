package client_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"testing"

	"fxcore/gateways/socket/client"
)

// Over TLS the client insists on the core's certificate.
func TestTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	server := newCore(t, func(c *core) {
		c.listener = tls.NewListener(c.listener, &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12})
	})
	defer server.close()
	server.publish(1)
	known := x509.NewCertPool()
	known.AddCert(certified.Certificate())
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, client.WithTLS(&tls.Config{RootCAs: known, MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if m, err := c.Next(deadline(t)); err != nil || m.Number != 1 {
		t.Errorf("%d %v", m.Number, err)
	}
	stranger := client.WithTLS(&tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12})
	var unknown *tls.CertificateVerificationError
	if _, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, stranger); !errors.As(err, &unknown) {
		t.Errorf("a core of no known certificate: %v", err)
	}
}
