package trust

import (
	"crypto/tls"
	"sync"

	"fxcore/lambda/follow"
)

// Pair is a certificate and its key, each in a file of its own, which are read again when they have changed. While only one of them has, the
// pair before counts. It is safe for concurrent use.
type Pair struct {
	certificate, key *follow.File[string]

	mu    sync.Mutex
	texts [2]string // of which made is made
	made  *tls.Certificate
}

// NewPair returns the pair of two PEM texts, and follows the files that held them; without a path a text stays as it is. Errors: the texts are no
// certificate and its key.
func NewPair(certificate, certificateFile, key, keyFile string) (*Pair, error) {
	same := func(text string) (string, error) { return text, nil }
	p := &Pair{certificate: follow.Setting(certificate, certificateFile, same), key: follow.Setting(key, keyFile, same)}
	return p, p.use([2]string{certificate, key})
}

func (p *Pair) use(texts [2]string) error {
	made, err := tls.X509KeyPair([]byte(texts[0]), []byte(texts[1]))
	if err != nil {
		return err
	}
	p.texts, p.made = texts, &made
	return nil
}

// Now returns the pair that the files hold. It fits [tls.Config.GetCertificate], and never fails.
func (p *Pair) Now(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := [2]string{p.certificate.Now(), p.key.Now()}; now != p.texts {
		_ = p.use(now) // one of the files is still the one before
	}
	return p.made, nil
}
