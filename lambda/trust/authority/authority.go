// Package authority makes the certificates by which the components of the core know each other. Its root certificate goes to every
// component. Its key stays in a folder that only whoever issues certificates can read.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// How long certificates live, and how far the clocks of two components may be apart.
const (
	rootLife = 10 * 365 * 24 * time.Hour
	Life     = 24 * time.Hour // of a component's certificate; it is replaced after half of it
	skew     = time.Hour
)

// Authority signs certificates.
type Authority struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey
}

// New makes an authority. Its name is for people.
func New(name string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of an authority: %w", err)
	}
	root := template(name, now, rootLife)
	root.IsCA, root.BasicConstraintsValid, root.MaxPathLenZero = true, true, true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make an authority: %w", err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("make an authority: %w", err)
	}
	return &Authority{root, key}, nil
}

// Open returns the authority whose key is in the folder. It makes one if there is none.
func Open(folder, name string, now time.Time) (*Authority, error) {
	path := filepath.Join(folder, "root.pem")
	text, err := os.ReadFile(path) //nolint:gosec // the caller's own folder
	switch {
	case err == nil:
		return parse(text)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open the authority: %w", err)
	}
	a, err := New(name, now)
	if err != nil {
		return nil, err
	}
	key, err := encodeKey(a.key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("keep the authority: %w", err)
	}
	if err := os.WriteFile(path+".part", append(a.PEM(), key...), 0o600); err != nil {
		return nil, fmt.Errorf("keep the authority: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return nil, fmt.Errorf("keep the authority: %w", err)
	}
	return a, nil
}

func parse(text []byte) (*Authority, error) {
	root, err := first(text)
	if err != nil {
		return nil, fmt.Errorf("open the authority: %w", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != keyBlock {
			continue
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("open the authority: %w", err)
		}
		if known, ok := key.(*ecdsa.PrivateKey); ok {
			return &Authority{root, known}, nil
		}
	}
	return nil, errors.New("open the authority: its file holds no key")
}

// PEM returns the root certificate, which is no secret.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: a.root.Raw})
}

// Subject is a component. A server's certificate must have each name or address at which others reach it.
type Subject struct {
	Name  string        // the common name; also one of the names, if Hosts is empty
	Hosts []string      // names and IP addresses
	Calls bool          // whether it may prove itself with it to servers, too
	Life  time.Duration // 0: Life
}

// Issue returns a certificate with a newly drawn key, both in one PEM text.
func (a *Authority) Issue(s Subject, now time.Time) ([]byte, error) {
	life := s.Life
	if life == 0 {
		life = Life
	}
	leaf := template(s.Name, now, life)
	leaf.DNSNames, leaf.IPAddresses = s.names()
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if s.Calls {
		leaf.ExtKeyUsage = append(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of %s: %w", s.Name, err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.root, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make the certificate of %s: %w", s.Name, err)
	}
	private, err := encodeKey(key)
	return append(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: der}), private...), err
}

func (s Subject) names() (names []string, addresses []net.IP) {
	if len(s.Hosts) == 0 {
		return []string{s.Name}, nil
	}
	for _, host := range s.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			addresses = append(addresses, ip)
		} else {
			names = append(names, host)
		}
	}
	return names, addresses
}

// Due reports whether a certificate, in PEM, should be replaced: half of its life is over, or this authority has not signed it.
func (a *Authority) Due(text []byte, now time.Time) bool {
	leaf, err := first(text)
	if err != nil || leaf.CheckSignatureFrom(a.root) != nil {
		return true
	}
	return now.After(leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2))
}

const (
	certificateBlock = "CERTIFICATE"
	keyBlock         = "PRIVATE KEY"
)

func template(name string, now time.Time, life time.Duration) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails: see crypto/rand
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"FX Core"}},
		NotBefore: now.Add(-skew), NotAfter: now.Add(life),
	}
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}), nil
}

// first returns the first certificate of a PEM text.
func first(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != certificateBlock {
		return nil, errors.New("it does not begin with a certificate")
	}
	return x509.ParseCertificate(block.Bytes)
}
