// Package arrival finds out who connects: the address, whether it uses TLS, and the client's certificate. Behind a proxy this
// comes from a PROXY protocol header, which the proxy sends before the first byte of the client (version 1 or 2,
// haproxy.org/download/1.8/doc/proxy-protocol.txt). Such a header is believed, so it is read only from the addresses that the
// settings name as proxies.
package arrival

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/pires/go-proxyproto"
)

// Caller is a connection with what is known about its client.
type Caller struct {
	net.Conn

	Address     netip.Addr  // an IPv4 address is in its IPv4 form, never mapped to IPv6
	TLS         bool        // the client uses TLS, to us or to the proxy
	Certificate Certificate // the client's verified certificate; the zero value if it has shown none
	Proxied     bool        // a proxy says the above: it must prove who it is, see Prove
}

// Certificate is what counts of a client's verified certificate.
type Certificate struct {
	Names  []string // of the subject alternative name: DNS, URI, email; from a proxy the one name that it tells
	Serial string   // in hexadecimal digits, lower case; empty if the proxy does not tell it
}

// Is reports whether the certificate has a name.
func (c Certificate) Is(name string) bool { return slices.Contains(c.Names, name) }

// certificateOf reads a verified certificate. The common name does not count: the standard has given it up for names (RFC 9525).
func certificateOf(shown *x509.Certificate) Certificate {
	names := slices.Concat(shown.DNSNames, shown.EmailAddresses)
	for _, uri := range shown.URIs {
		names = append(names, uri.String())
	}
	return Certificate{names, shown.SerialNumber.Text(16)}
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
	caller.Conn, caller.Proxied = &proxied{conn, in}, true
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

// Claim is what a proxy must repeat within its own TLS connection to us: a digest of address, TLS and certificate. A PROXY header comes
// before the TLS, so by itself it could be changed on the way.
func (c Caller) Claim() string {
	overTLS, name := 0, ""
	if c.TLS {
		overTLS = 1
	}
	if len(c.Certificate.Names) > 0 {
		name = c.Certificate.Names[0]
	}
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s|%d|%s|%s", c.Address, overTLS, name, c.Certificate.Serial)))
}

// Prove does the TLS handshake with a proxy, which must show a certificate that the config accepts, and repeat its claim as the first
// label of the server's name. Only then may what its header says be believed.
func (c Caller) Prove(ctx context.Context, config *tls.Config) (Caller, error) {
	secured := tls.Server(c.Conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return Caller{}, fmt.Errorf("TLS of the proxy: %w", err)
	}
	claim, _, _ := strings.Cut(secured.ConnectionState().ServerName, ".")
	if !strings.EqualFold(claim, c.Claim()) {
		return Caller{}, errors.New("the proxy's header differs from what the proxy has signed")
	}
	c.Conn = secured
	return c, nil
}

// Secure does the TLS handshake on a connection that came by our TLS address. The returned Caller has the same address. A
// certificate counts only if the config has verified it.
func (c Caller) Secure(ctx context.Context, config *tls.Config) (Caller, error) {
	secured := tls.Server(c.Conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return Caller{}, fmt.Errorf("TLS: %w", err)
	}
	c.Conn, c.TLS, c.Certificate = secured, true, Certificate{}
	if verified := secured.ConnectionState().VerifiedChains; len(verified) > 0 {
		c.Certificate = certificateOf(verified[0][0])
	}
	return c, nil
}
