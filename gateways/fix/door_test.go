package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	a, secure := newAuthority(t), testkit.Address(t)
	cert, key := a.pair("gateway")
	g := startGateway(t, "FIX_TLS_ADDR="+secure, "FIX_TLS_CERTIFICATE_FILE="+a.file("cert", cert), "FIX_TLS_KEY_FILE="+a.file("key", key),
		"FIX_TLS_CLIENT_CA_FILE="+a.file("ca", encode("CERTIFICATE", a.cert.Raw)))
	dial := func(config *tls.Config) (net.Conn, error) {
		return tls.DialWithDialer(&net.Dialer{Timeout: 5 * time.Second}, "tcp", secure, config)
	}
	for _, test := range []struct {
		name, id, shows string
		admitted        bool
	}{
		{"without a certificate where none is needed", "ALPHA", "", true},
		{"with the right certificate", "CERTIFIED", "certified.example", true},
		{"without the certificate that is needed", "CERTIFIED", "", false},
		{"with another's certificate", "CERTIFIED", "also.example", false},
		{"who has that one", "ALSO", "also.example", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn, err := dial(a.client(test.shows))
			if err != nil {
				t.Fatal(err)
			}
			c := newClient(t, test.id).over(conn)
			c.visit(test.admitted)
		})
	}
	// the log alone has the reason
	for _, why := range []string{`must show the certificate of certified.example, not of [\"also.example\"]`, `must show the certificate of certified.example, not of []`} {
		g.LoggedTimes(1, "connection refused", "CERTIFIED "+why)
	}
	t.Run("a certificate that nobody signed", func(t *testing.T) {
		stranger := newAuthority(t).client("certified.example")
		stranger.RootCAs = a.client("").RootCAs
		if conn, err := dial(stranger); err == nil {
			c := newClient(t, "CERTIFIED").over(conn)
			c.logon("")
			c.expectEnd()
		}
	})
	t.Run("TLS 1.1", func(t *testing.T) {
		old := a.client("")
		old.MinVersion, old.MaxVersion = tls.VersionTLS11, tls.VersionTLS11 //nolint:gosec // that is the test
		if _, err := dial(old); err == nil {
			t.Error("taken")
		}
	})
}

// Behind a proxy the address counts that the proxy names. Whoever is not the proxy cannot name one, and nothing can be changed on the way.
func TestProxyProtocol(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	cert, key := a.pair("*.gateway.fxcore")
	g := startGateway(t, "FIX_PROXY_FROM=127.0.0.0/8", "FIX_PROXY_CA_FILE="+a.file("ca", encode("CERTIFICATE", a.cert.Raw)),
		"FIX_TLS_CERTIFICATE_FILE="+a.file("cert", cert), "FIX_TLS_KEY_FILE="+a.file("key", key))
	proxy := a.client("router.fxcore")
	// through is a client that comes by a proxy, which sends a header and claims what it says within TLS.
	through := func(id string, header []byte, claim string, config *tls.Config) *client {
		t.Helper()
		c := newClient(t, id).connect(g.Address)
		if _, err := c.conn.Write(header); err != nil {
			t.Fatal(err)
		}
		config = config.Clone()
		config.ServerName = fmt.Sprintf("%x.gateway.fxcore", sha256.Sum256([]byte(claim)))
		return c.over(tls.Client(c.conn, config))
	}
	plain := func(version byte, from string) []byte {
		header := proxyproto.HeaderProxyFromAddrs(version, &net.TCPAddr{IP: net.ParseIP(from), Port: 1000}, &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 9876})
		b, err := header.Format()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, version := range []byte{1, 2} {
		for from, admitted := range map[string]bool{"192.0.2.9": true, "192.0.3.9": false} {
			t.Run(fmt.Sprintf("v%d from %s", version, from), func(t *testing.T) {
				through("ELSEWHERE", plain(version, from), from+"|0||", proxy).visit(admitted)
			})
		}
	}
	for certificate, admitted := range map[string]bool{"certified.example": true, "alpha.example": false, "": false} {
		t.Run("with the certificate "+certificate, func(t *testing.T) {
			through("CERTIFIED", overTLS(t, certificate), "192.0.2.9|1|"+certificate+"|", proxy).visit(admitted)
		})
	}
	refused := func(name string, c *client) {
		t.Run(name, func(t *testing.T) {
			_, _ = io.WriteString(c.conn, c.message("A", 1, "", "98=0|108=30|553=elsewhere|554=secret|"))
			_ = c.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
			if got, err := io.ReadAll(c.conn); isTimeout(err) || strings.Contains(string(got), "35=") { // an alert, or silence
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	address := plain(2, "192.0.2.9")
	refused("a local process without a certificate", through("ELSEWHERE", address, "192.0.2.9|0||", a.client("")))
	refused("one with a certificate of another name", through("ELSEWHERE", address, "192.0.2.9|0||", a.client("alpha.example")))
	stranger := newAuthority(t).client("router.fxcore")
	stranger.RootCAs = proxy.RootCAs
	refused("one with a certificate that nobody signed", through("ELSEWHERE", address, "192.0.2.9|0||", stranger))
	refused("a header that was changed on the way", through("ELSEWHERE", address, "192.0.3.9|0||", proxy))
	refused("a certificate that was added on the way", through("CERTIFIED", overTLS(t, "certified.example"), "192.0.2.9|1||", proxy))
	without := newClient(t, "ELSEWHERE").connect(g.Address)
	if _, err := without.conn.Write(address); err != nil {
		t.Fatal(err)
	}
	refused("no TLS", without)
	refused("no header", newClient(t, "ALPHA").connect(g.Address))
	if strings.Contains(g.Log.String(), `"provider":"ELSEWHERE","client.ip":"192.0.3.9"`) {
		t.Error("a false address is in the log")
	}
}

// overTLS returns the header of a proxy whose client came over TLS. If a certificate is named, the proxy has verified it.
func overTLS(t *testing.T, certificate string) []byte {
	t.Helper()
	facts := tlvparse.PP2SSL{Client: tlvparse.PP2_BITFIELD_CLIENT_SSL, TLV: []proxyproto.TLV{{Type: proxyproto.PP2_SUBTYPE_SSL_VERSION, Value: []byte("TLSv1.3")}}}
	if certificate != "" {
		facts.Client |= tlvparse.PP2_BITFIELD_CLIENT_CERT_CONN
		facts.TLV = append(facts.TLV, proxyproto.TLV{Type: proxyproto.PP2_SUBTYPE_SSL_CN, Value: []byte(certificate)})
	}
	tlv, err := facts.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	header := proxyproto.HeaderProxyFromAddrs(2, &net.TCPAddr{IP: net.ParseIP("192.0.2.9"), Port: 1000}, &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 9876})
	if err := header.SetTLVs([]proxyproto.TLV{tlv}); err != nil {
		t.Fatal(err)
	}
	b, err := header.Format()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Thousands of connections never log on, and some of them have sent a part of a message. They disturb neither the session that is
// there nor one that comes.
func TestHalfOpenConnections(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "FIX_MAX_WAITING=200", "FIX_MAX_WAITING_EACH=100", "FIX_LOGON_TIMEOUT=60s")
	gatewaytest.StartCore(t, g.Broker)
	inside := newClient(t, "ALPHA").reset(g.Address)
	var crowd []net.Conn
	defer func() {
		for _, conn := range crowd {
			_ = conn.Close()
		}
	}()
	for i := range 2_000 {
		conn, err := net.Dial("tcp", g.Address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "8=FIX.4.4\x019=1"[:i%14])
		crowd = append(crowd, conn)
		if i%500 == 499 {
			inside.order(fmt.Sprint("C-", i))
			inside.expectAnswer(inside.next*2-4, fmt.Sprint("C-", i), "A")
			inside.expectAnswer(inside.next*2-3, fmt.Sprint("C-", i), "2")
			newcomer := newClient(t, "GAMMA").reset(g.Address)
			newcomer.leave(2)
		}
	}
	testkit.Eventually(t, "the crowd to be turned away", 20*time.Second, func() error {
		open := 0
		for _, conn := range crowd {
			_ = conn.SetReadDeadline(time.Now().Add(100 * time.Microsecond))
			if _, err := conn.Read(make([]byte, 1)); isTimeout(err) {
				open++
			}
		}
		if open > 100 {
			return fmt.Errorf("%d are still open", open)
		}
		return nil
	})
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error) //nolint:errorlint // not wrapped
	return ok && e.Timeout()
}

// A message that has begun must be complete in time, even if its bytes keep coming. A session that sends nothing may stay.
func TestSlowLoris(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "FIX_MESSAGE_TIMEOUT=1s")
	c := newClient(t, "ALPHA").reset(g.Address)
	quiet := newClient(t, "GAMMA").reset(g.Address)
	drip := []byte(c.message("1", c.next, "", "112=slowly|"))
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	left := len(drip)
	for i := range drip {
		if _, err := c.conn.Write(drip[i : i+1]); err != nil {
			break
		}
		_ = c.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := c.conn.Read(make([]byte, 1)); err != nil && !isTimeout(err) {
			break
		}
		left--
		<-tick.C
	}
	if left == 0 {
		t.Errorf("all %d bytes were taken", len(drip))
	}
	quiet.send("1", "112=still here|")
	quiet.expect("0 34=2 112=still here")
}

// A gateway that is stopped tells its providers, and ends in good order.
func TestStop(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("S-1", 2)
	done := make(chan struct{})
	go func() { defer close(done); g.Stop() }()
	c.expect("5 34=4 58=the gateway is stopping: log on again in a moment")
	c.expectEnd()
	<-done
	if strings.Contains(g.Log.Tail(4_000), `"log.level":"error"`) {
		t.Error("an error was logged")
	}
	g.Start()
	if got := pick(c.resume(g.Address), "34"); got != "A 34=5" {
		t.Errorf("got %s", got)
	}
}
