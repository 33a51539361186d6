package arrival

import (
	"bufio"
	"errors"
	"fmt"
	"net"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"
)

// believe takes over what a header tells. A proxy that speaks for itself (LOCAL), or does not know for whom (UNKNOWN), is
// who it is.
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
		if tlv.Type == proxyproto.PP2_TYPE_SSL {
			return c.believeTLS(tlv)
		}
	}
	return nil
}

// believeTLS: a common name counts if the certificate was shown, on this connection or at the beginning of the TLS session
// that it resumes, and verified. Where none was shown "verified" is true as well.
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
	c.Certificate, _ = facts.ClientCN()
	return nil
}

// proxied is a connection of which the beginning has been read.
type proxied struct {
	net.Conn

	in *bufio.Reader
}

func (p *proxied) Read(b []byte) (int, error) { return p.in.Read(b) }

// CloseWrite ends our half of the connection, where it has halves.
func (p *proxied) CloseWrite() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return p.Close()
}
