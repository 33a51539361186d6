// Package arrival finds out who connects: the address, whether it uses TLS, and the client's certificate. Behind a proxy this
// comes from a PROXY protocol header, which the proxy sends before the first byte of the client (version 1 or 2,
// haproxy.org/download/1.8/doc/proxy-protocol.txt). Such a header is believed, so it is read only from the addresses that the
// settings name as proxies.
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

// Caller is a connection with what is known about its client.
type Caller struct {
	net.Conn

	Address     netip.Addr // an IPv4 address is in its IPv4 form, never mapped to IPv6
	TLS         bool       // the client uses TLS, to us or to the proxy
	Certificate string     // common name of the client's verified certificate; empty if it has shown none
}

// Proxies are the networks of the proxies. A connection from them must begin with a PROXY header. A connection from elsewhere
// must not: its header is not read.
type Proxies []netip.Prefix

// headerLimit bounds the first read, which may include bytes after the header. A header of version 2 could announce 64 KB.
const headerLimit = 4096

// Identify returns who connects. From a proxy it reads the header; from any other address it reads nothing. It waits for the
// header without a limit of its own, so the caller sets the connection's deadline. Errors: a header that is missing,
// malformed, longer than 4 KB, or not about a TCP connection. Then the caller closes the connection.
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

// From returns the address of a connection without reading from it; it is invalid for a proxy's connection.
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

// Secure does the TLS handshake on a connection that came by our TLS address. The returned Caller has the same address. A
// certificate counts only if the config has verified it.
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
