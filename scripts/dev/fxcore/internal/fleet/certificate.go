package fleet

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
	"time"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// The files of the gateways' certificate and key for TLS on this machine.
const (
	certificateFile = "secrets/fix-tls.crt"
	keyFile         = "secrets/fix-tls.key"
)

// certificateLife is within the limits of browsers and banks. A start replaces a certificate that expires within a
// week.
const certificateLife = 397 * 24 * time.Hour

// writeCertificate makes the self-signed certificates for 127.0.0.1 and localhost, for the gateways and for HAProxy.
func (f Fleet) writeCertificate() error {
	return errors.Join(
		f.selfSigned(certificateFile, keyFile, "localhost", net.IPv4(127, 0, 0, 1)),
		f.selfSigned(gatewayFile, gatewayKeyFile, "*."+server.GatewayDomain),
		f.selfSigned(routerFile, routerKeyFile, routerName),
	)
}

// The files by which HAProxy and the gateways prove to each other who they are.
const (
	gatewayFile    = "secrets/gateway-tls.crt"
	gatewayKeyFile = "secrets/gateway-tls.key"
	routerFile     = "secrets/router-tls.crt"
	routerKeyFile  = "secrets/router-tls.key"
	routerName     = "router.fxcore" // the gateways' default
)

// selfSigned makes a certificate for a name, and for addresses, unless a valid one exists.
func (f Fleet) selfSigned(file, keyFile, name string, addresses ...net.IP) error {
	if f.certificateIsGood(file) {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	template := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		IPAddresses: addresses, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	return errors.Join(
		f.Folder.Write(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o644),
		f.Folder.Write(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600),
	)
}

func (f Fleet) certificateIsGood(file string) bool {
	text, err := os.ReadFile(f.Folder.Path(file))
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	return err == nil && time.Until(certificate.NotAfter) > 7*24*time.Hour
}
