package server

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The life of a server's own certificates. A start makes new ones if less than a week is left.
const (
	certificateLife = 397 * 24 * time.Hour
	renewBefore     = 7 * 24 * time.Hour
)

// certify makes an authority, ca.crt, and a certificate of it for this machine, name.crt and name.key, in the folder. It leaves those alone
// that are there and valid. The key of the authority is kept nowhere.
func certify(folder, name string) error {
	if lasts(filepath.Join(folder, "ca.crt")) && lasts(filepath.Join(folder, name+".crt")) {
		return nil
	}
	authority := forThisMachine(name + " authority")
	authority.IsCA, authority.BasicConstraintsValid, authority.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the key of an authority: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the key of %s: %w", name, err)
	}
	leaf := forThisMachine(name)
	leaf.DNSNames, leaf.IPAddresses = []string{name, "localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode the key of %s: %w", name, err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the folder of certificates: %w", err)
	}
	if err := writePEM(filepath.Join(folder, name+".key"), "PRIVATE KEY", private); err != nil {
		return err
	}
	if err := writeSigned(filepath.Join(folder, "ca.crt"), authority, authority, signer.Public(), signer); err != nil {
		return err
	}
	return writeSigned(filepath.Join(folder, name+".crt"), leaf, authority, key.Public(), signer)
}

func forThisMachine(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails since Go 1.24
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
	}
}

func writeSigned(path string, certificate, parent *x509.Certificate, of crypto.PublicKey, by crypto.Signer) error {
	der, err := x509.CreateCertificate(rand.Reader, certificate, parent, of, by)
	if err != nil {
		return fmt.Errorf("make certificate %s: %w", filepath.Base(path), err)
	}
	return writePEM(path, "CERTIFICATE", der)
}

func writePEM(path, kind string, content []byte) error {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		return fmt.Errorf("write certificate: %w", err)
	}
	return nil
}

// lasts reports whether the file has a certificate that does not expire soon.
func lasts(path string) bool {
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	return err == nil && time.Until(certificate.NotAfter) > renewBefore
}
