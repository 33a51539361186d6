package fleet

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"fxcore/lambda/trust/authority"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// The files of the certificate and key with which the core serves providers, people and systems on this machine.
const (
	certificateFile = "secrets/fix-tls.crt"
	keyFile         = "secrets/fix-tls.key"
)

// doorLife is how long these certificates live. One is replaced when half of its life is over.
const doorLife = 397 * 24 * time.Hour

// writeCertificate makes these certificates, for 127.0.0.1 and localhost, and those of the gateways and of HAProxy.
func (f Fleet) writeCertificate(anew bool) error {
	return errors.Join(
		f.certify(anew, certificateFile, keyFile, authority.Subject{Name: "localhost", Hosts: []string{"localhost", "127.0.0.1"}}),
		f.certify(anew, gatewayFile, gatewayKeyFile, authority.Subject{Name: "*." + server.GatewayDomain}),
		f.certify(anew, routerFile, routerKeyFile, authority.Subject{Name: routerName, Calls: true}),
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

// certify makes a certificate and its key, unless a good one exists. With anew it always does.
func (f Fleet) certify(anew bool, file, keyFile string, of authority.Subject) error {
	a, err := server.Authority(f.Folder)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(f.Folder.Path(file))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read certificate: %w", err)
	}
	if !anew && !a.Due(text, time.Now()) {
		return nil
	}
	of.Life = doorLife
	if text, err = a.Issue(of, time.Now()); err != nil {
		return err
	}
	certificate, key := split(text)
	return errors.Join(f.Folder.Write(file, certificate, 0o644), f.Folder.Write(keyFile, key, 0o600))
}

// split divides a PEM text into its first block, which is the certificate, and the rest.
func split(text []byte) (certificate, key []byte) {
	_, rest := pem.Decode(text)
	return bytes.TrimSuffix(text, rest), rest
}
