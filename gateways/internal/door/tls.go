package door

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"fxcore/lambda/trust"
)

// serverTLS returns the server's TLS configuration. If a client shows a certificate, it is verified against the CA, a PEM text. Whether a
// provider must show one is a rule of the provider. setting begins the settings' names, for errors.
func (c Config) serverTLS(setting, clientCA string) (*tls.Config, error) {
	pair, err := trust.NewCertificate(c.Certificate, c.CertFile, c.Key, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("%[1]s_CERTIFICATE and %[1]s_KEY: %[2]w", setting, err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.Now}
	if clientCA != "" {
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM([]byte(clientCA)) {
			return nil, errors.New(setting + "_CLIENT_CA holds no certificate")
		}
		config.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return config, nil
}
