package trust

import (
	"crypto/tls"
	"sync"

	"fxcore/lambda/follow"
)

// Certificate is a certificate and its key, each in a file of its own, which are read again when they have changed. While only one of them has, the
// pair before counts. It is safe for concurrent use.
type Certificate struct {
	certificate, key *follow.File[string]

	mu    sync.Mutex
	texts [2]string // of which made is made
	made  *tls.Certificate
}

// NewCertificate returns that of two PEM texts, and follows the files that held them; without a path a text stays as it is. Errors: the texts are no
// certificate and its key.
func NewCertificate(certificate, certificateFile, key, keyFile string) (*Certificate, error) {
	same := func(text string) (string, error) { return text, nil }
	c := &Certificate{certificate: follow.Setting(certificate, certificateFile, same), key: follow.Setting(key, keyFile, same)}
	return c, c.use([2]string{certificate, key})
}

func (c *Certificate) use(texts [2]string) error {
	made, err := tls.X509KeyPair([]byte(texts[0]), []byte(texts[1]))
	if err != nil {
		return err
	}
	c.texts, c.made = texts, &made
	return nil
}

// Now returns the pair that the files hold. It fits [tls.Config.GetCertificate], and never fails.
func (c *Certificate) Now(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := [2]string{c.certificate.Now(), c.key.Now()}; now != c.texts {
		_ = c.use(now) // one of the files is still the one before
	}
	return c.made, nil
}
