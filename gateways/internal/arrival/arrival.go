// Package arrival finds out who comes over a connection: from which address, over TLS or not, with which certificate.
// Behind a proxy the connection itself tells nothing of this; the proxy does, in a PROXY protocol header (version 1 or 2,
// haproxy.org/download/1.8/doc/proxy-protocol.txt) before the first byte of the client. Whoever can send such a header is
// believed, so only those are asked who are named as proxies.
package arrival

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/pires/go-proxyproto"
)

// Caller is a connection of which it is known who is at its other end.
type Caller struct {
	net.Conn

	Address     netip.Addr // IPv4 as such, also where it came as IPv6
	TLS         bool       // it came over TLS, to us or to the proxy
	Certificate string     // common name of the client's certificate, which was verified; empty: it has shown none
}

// Proxies are the networks of those who speak the PROXY protocol to us. They must: a connection of theirs without a
// header is nobody's. From elsewhere it is not understood.
type Proxies []netip.Prefix

// headerLimit bounds what is read of a header and what follows it at once: version 2 could announce 64 KB.
const headerLimit = 4096

// Identify reads the header of a proxy and returns who comes; of anybody else it reads nothing. It waits for the header as
// long as the connection lets it: give it a deadline, or close it. Errors: a header that is missing, malformed or longer
// than 4 KB, or tells of no TCP connection. The caller closes the connection then.
func (p Proxies) Identify(conn net.Conn) (Caller, error) {
	address, err := addressOf(conn.RemoteAddr())
	if err != nil {
		return Caller{}, err
	}
	caller := Caller{Conn: conn, Address: address}
	if !p.include(address) {
		return caller, nil
	}
	in := bufio.NewReaderSize(conn, headerLimit)
	header, err := proxyproto.Read(in)
	if err != nil {
		return Caller{}, fmt.Errorf("read the proxy's header: %w", err)
	}
	caller.Conn = &proxied{conn, in}
	return caller, caller.believe(header)
}

// From is who comes, as far as that is known before anything is read; not valid if it is a proxy.
func (p Proxies) From(conn net.Conn) netip.Addr {
	address, err := addressOf(conn.RemoteAddr())
	if err != nil || p.include(address) {
		return netip.Addr{}
	}
	return address
}

func (p Proxies) include(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

func addressOf(a net.Addr) (netip.Addr, error) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, errors.New("not a TCP connection")
	}
	return tcp.AddrPort().Addr().Unmap(), nil
}

// Secure does the TLS handshake where we are the one to do it, and takes the address with it. The config decides which
// certificates are good; one that it did not verify is none.
func (c Caller) Secure(ctx context.Context, config *tls.Config) (Caller, error) {
	secured := tls.Server(c.Conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return Caller{}, fmt.Errorf("TLS: %w", err)
	}
	c.Conn, c.TLS, c.Certificate = secured, true, ""
	if verified := secured.ConnectionState().VerifiedChains; len(verified) > 0 {
		c.Certificate = verified[0][0].Subject.CommonName
	}
	return c, nil
}
