package arrival

import (
	"bufio"
	"errors"
	"fmt"
	"math/big"
	"net"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"
)

// believe sets what a header says about the client. For a connection of the proxy itself (LOCAL) or of an unknown client
// (UNKNOWN) it keeps the proxy's own address.
func (c *Caller) believe(header *proxyproto.Header) (err error) {
	if header.Command.IsLocal() {
		return nil
	}
	if c.Address, err = addressOf(header.SourceAddr); err != nil {
		return fmt.Errorf("the proxy's header: %w", err)
	}
	tlvs, err := header.TLVs()
	if err != nil {
		return fmt.Errorf("the proxy's header: %w", err)
	}
	for _, tlv := range tlvs {
		switch tlv.Type {
		case proxyproto.PP2_TYPE_SSL:
			err = c.believeTLS(tlv)
		case proxyproto.PP2_TYPE_UNIQUE_ID: // our HAProxy gives the certificate's serial number
			c.Certificate.Serial = serialOf(tlv.Value)
		default:
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// serialOf returns a serial number in hexadecimal digits as certificateOf writes it.
func serialOf(digits []byte) string {
	number, valid := new(big.Int).SetString(string(digits), 16)
	if !valid {
		return ""
	}
	return number.Text(16)
}

// believeTLS sets what a header says about TLS. It sets the common name if the client has shown a certificate, on this
// connection or in the TLS session that it resumes. Error: the proxy has not verified that certificate. Without a
// certificate the header's "verified" is true, too.
func (c *Caller) believeTLS(tlv proxyproto.TLV) error {
	facts, err := tlvparse.SSL(tlv)
	if err != nil {
		return fmt.Errorf("the proxy's header: %w", err)
	}
	c.TLS = facts.ClientSSL()
	shown := facts.ClientCertConn() || facts.ClientCertSess()
	if !c.TLS || !shown {
		return nil
	}
	if !facts.Verified() {
		return errors.New("the proxy's header: the certificate was not verified")
	}
	if name, told := facts.ClientCN(); told {
		c.Certificate.Names = []string{name}
	}
	return nil
}

// proxied is a connection whose first bytes were already read.
type proxied struct {
	net.Conn

	in *bufio.Reader
}

func (p *proxied) Read(b []byte) (int, error) { return p.in.Read(b) }

// CloseWrite ends our half of the connection, if it can be closed by halves.
func (p *proxied) CloseWrite() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return p.Close()
}
