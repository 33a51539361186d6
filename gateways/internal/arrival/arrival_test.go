package arrival_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"
	"go.uber.org/goleak"

	"fxcore/gateways/internal/arrival"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// from returns a connection from an address, with the bytes that its other end has sent.
type from struct {
	net.Conn

	address net.Addr
	in      io.Reader
}

func (f from) RemoteAddr() net.Addr       { return f.address }
func (f from) Read(b []byte) (int, error) { return f.in.Read(b) }

func comes(address string, sent []byte) from {
	return from{address: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address)), in: bytes.NewReader(sent)}
}

var (
	provider = &net.TCPAddr{IP: net.ParseIP("192.0.2.9"), Port: 1000}
	here     = &net.TCPAddr{IP: net.ParseIP("198.51.100.1"), Port: 9876}
	proxies  = arrival.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
)

// header returns what a proxy sends about a provider: version 1, or version 2 with what it says of TLS.
func header(t testing.TB, version byte, source net.Addr, facts ...tlvparse.PP2SSL) []byte {
	t.Helper()
	destination := net.Addr(here)
	if _, own := source.(*net.UnixAddr); own {
		destination = source
	}
	h := proxyproto.HeaderProxyFromAddrs(version, source, destination)
	var tlvs []proxyproto.TLV
	for _, f := range facts {
		tlv, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		tlvs = append(tlvs, tlv)
	}
	if err := h.SetTLVs(tlvs); err != nil {
		t.Fatal(err)
	}
	b, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// secured returns what a proxy says of TLS: what the client did, how its verification ended, and its name.
func secured(client uint8, verify uint32, name string) tlvparse.PP2SSL {
	s := tlvparse.PP2SSL{Client: client, Verify: verify, TLV: []proxyproto.TLV{{Type: proxyproto.PP2_SUBTYPE_SSL_VERSION, Value: []byte("TLSv1.3")}}}
	if name != "" {
		s.TLV = append(s.TLV, proxyproto.TLV{Type: proxyproto.PP2_SUBTYPE_SSL_CN, Value: []byte(name)})
	}
	return s
}

const (
	byTLS     = tlvparse.PP2_BITFIELD_CLIENT_SSL
	shown     = tlvparse.PP2_BITFIELD_CLIENT_CERT_CONN
	shownThen = tlvparse.PP2_BITFIELD_CLIENT_CERT_SESS
	expired   = 10 // X509_V_ERR_CERT_HAS_EXPIRED
)

// who has the parts of a caller that are compared.
type who struct {
	Address, Certificate string
	TLS                  bool
	Rest                 string // what is read after the header
}

func TestWhoComes(t *testing.T) {
	proxy, stranger := "10.1.2.3:5000", "203.0.113.5:5000"
	v6 := &net.TCPAddr{IP: net.ParseIP("2001:db8:1::9"), Port: 1000}
	for name, test := range map[string]struct {
		address string
		sent    []byte
		want    who
	}{
		"somebody who is no proxy":           {stranger, nil, who{Address: "203.0.113.5"}},
		"the same over IPv6":                 {"[::ffff:203.0.113.5]:5000", nil, who{Address: "203.0.113.5"}},
		"by a proxy, version 1":              {proxy, header(t, 1, provider), who{Address: "192.0.2.9"}},
		"by a proxy, version 2":              {proxy, header(t, 2, provider), who{Address: "192.0.2.9"}},
		"by a proxy that came over IPv6":     {"[2001:db8::1]:5000", header(t, 2, v6), who{Address: "2001:db8:1::9"}},
		"not over TLS":                       {proxy, header(t, 2, provider, tlvparse.PP2SSL{}), who{Address: "192.0.2.9"}},
		"over TLS, without a certificate":    {proxy, header(t, 2, provider, secured(byTLS, 0, "")), who{Address: "192.0.2.9", TLS: true}},
		"with a verified certificate":        {proxy, header(t, 2, provider, secured(byTLS|shown, 0, "a.example")), who{"192.0.2.9", "a.example", true, ""}},
		"with one shown earlier":             {proxy, header(t, 2, provider, secured(byTLS|shownThen, 0, "a.example")), who{"192.0.2.9", "a.example", true, ""}},
		"with a name but no certificate":     {proxy, header(t, 2, provider, secured(byTLS, 0, "a.example")), who{Address: "192.0.2.9", TLS: true}},
		"with a certificate but without TLS": {proxy, header(t, 2, provider, tlvparse.PP2SSL{Client: shown}), who{Address: "192.0.2.9"}},
		"the proxy itself":                   {proxy, local(), who{Address: "10.1.2.3"}},
		"a proxy that knows nothing":         {proxy, []byte("PROXY UNKNOWN\r\n"), who{Address: "10.1.2.3"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.want.Rest = "8=FIX.4.4|"
			caller, err := proxies.Identify(comes(test.address, append(test.sent, test.want.Rest...)))
			if err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(caller)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, who{caller.Address.String(), strings.Join(caller.Certificate.Names, " "), caller.TLS, string(rest)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// local returns the header of a proxy that connects for itself.
func local() []byte { return append(bytes.Clone(proxyproto.SIGV2), 0x20, 0, 0, 0) }

// announcing returns a header of version 2 for TCP over IPv4. It announces so many bytes and sends others.
func announcing(length int, bytes ...byte) []byte {
	return append(append(append([]byte{}, proxyproto.SIGV2...), 0x21, 0x11, byte(length>>8), byte(length)), bytes...)
}

func TestWhatAProxyMayNotSend(t *testing.T) {
	whole := header(t, 2, provider, secured(byTLS|shown, 0, "a.example"))
	for name, sent := range map[string][]byte{
		"nothing":                         nil,
		"no header":                       []byte("8=FIX.4.4\x019=5\x0135=0\x01"),
		"half a header":                   whole[:20],
		"half of its extensions":          whole[:len(whole)-3],
		"version 1 without an end":        []byte("PROXY TCP4 " + strings.Repeat("1", 200)),
		"version 1 with a wrong address":  []byte("PROXY TCP4 192.0.2.300 198.51.100.1 1000 9876\r\n"),
		"version 2, shorter than it must": announcing(4, 1, 2, 3, 4),
		"version 2, longer than it may":   announcing(60000, bytes.Repeat([]byte{1}, 60000)...),
		"version 3":                       append(bytes.Clone(proxyproto.SIGV2), 0x31, 0x11, 0, 0),
		"a socket of its own machine":     header(t, 2, &net.UnixAddr{Net: "unix", Name: "/tmp/a"}),
		"an extension longer than all":    announcing(16, 192, 0, 2, 9, 198, 51, 100, 1, 3, 232, 38, 148, 0x20, 0xff, 0xff, 1),
		"a certificate not verified":      header(t, 2, provider, secured(byTLS|shown, expired, "a.example")),
	} {
		t.Run(name, func(t *testing.T) {
			if caller, err := proxies.Identify(comes("10.1.2.3:5000", sent)); err == nil {
				t.Errorf("taken for %s, certificate %q", caller.Address, caller.Certificate.Names)
			}
		})
	}
}

// A connection that does not come from a proxy cannot claim an address. Its header is not read, and the next reader gets it as
// data.
func TestAHeaderOfAStrangerIsNotRead(t *testing.T) {
	claim := header(t, 2, provider)
	for name, some := range map[string]arrival.Proxies{"with proxies": proxies, "without": nil} {
		caller, err := some.Identify(comes("203.0.113.5:5000", claim))
		if err != nil {
			t.Fatal(err)
		}
		if rest, _ := io.ReadAll(caller); caller.Address.String() != "203.0.113.5" || !bytes.Equal(rest, claim) {
			t.Errorf("%s: %s, left to read: %q", name, caller.Address, rest)
		}
	}
}

// Whatever a proxy sends is accepted or refused. No more than a bound is read, and a certificate is named only over TLS.
func FuzzIdentify(f *testing.F) {
	f.Add(header(f, 1, provider))
	f.Add(header(f, 2, provider, secured(byTLS|shown, 0, "a.example")))
	f.Add(local())
	f.Add(announcing(60000))
	f.Fuzz(func(t *testing.T, sent []byte) {
		in := bytes.NewReader(append(sent, make([]byte, 10_000)...))
		before := in.Len()
		caller, err := proxies.Identify(from{address: comes("10.1.2.3:5000", nil).address, in: in})
		if read := before - in.Len(); read > 4096+16 {
			t.Errorf("read %d bytes", read)
		}
		if err == nil && (!caller.Address.IsValid() || len(caller.Certificate.Names) > 0 && !caller.TLS) {
			t.Errorf("%+v", caller)
		}
	})
}

// The sending half of a connection can be closed alone, also if the connection came by a proxy.
func TestCloseWriteReachesTheConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := client.Write(header(t, 2, provider)); err != nil {
		t.Fatal(err)
	}
	caller, err := arrival.Proxies{netip.MustParsePrefix("127.0.0.0/8")}.Identify(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := caller.Conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the client reads %v", err)
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(io.LimitReader(caller, 1)); string(b) != "x" {
		t.Errorf("read %q, %v", b, err)
	}
}

func TestSecureNeedsAHandshake(t *testing.T) {
	caller, err := arrival.Proxies(nil).Identify(comes("203.0.113.5:5000", []byte("8=FIX.4.4\x01")))
	if err != nil {
		t.Fatal(err)
	}
	caller.Conn = from{Conn: discard{}, address: caller.RemoteAddr(), in: caller.Conn}
	if _, err := caller.Secure(t.Context(), &tls.Config{MinVersion: tls.VersionTLS12}); err == nil {
		t.Error("plain text was taken for TLS")
	}
}

// discard drops what is written.
type discard struct{ net.Conn }

func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) Close() error                { return nil }
