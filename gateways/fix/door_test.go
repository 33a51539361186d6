package main

import (
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
	// a refused provider gets no message; the log has the reason
	for _, why := range []string{`must show the certificate of certified.example, not \"also.example\"`, `must show the certificate of certified.example, not \"\"`} {
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

// Behind a proxy the address counts that the proxy names. A connection that does not come from a proxy cannot name one.
func TestProxyProtocol(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "FIX_PROXY_FROM=127.0.0.0/8")
	for _, version := range []byte{1, 2} {
		for from, admitted := range map[string]bool{"192.0.2.9": true, "192.0.3.9": false} {
			t.Run(fmt.Sprintf("v%d from %s", version, from), func(t *testing.T) {
				c := newClient(t, "ELSEWHERE").connect(g.Address)
				header := proxyproto.HeaderProxyFromAddrs(version, &net.TCPAddr{IP: net.ParseIP(from), Port: 1000}, &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 9876})
				if _, err := header.WriteTo(c.conn); err != nil {
					t.Fatal(err)
				}
				c.visit(admitted)
			})
		}
	}
	for certificate, admitted := range map[string]bool{"certified.example": true, "alpha.example": false, "": false} {
		t.Run("with the certificate "+certificate, func(t *testing.T) {
			c := newClient(t, "CERTIFIED").connect(g.Address)
			if _, err := c.conn.Write(overTLS(t, certificate)); err != nil {
				t.Fatal(err)
			}
			c.visit(admitted)
		})
	}
	t.Run("no header", func(t *testing.T) {
		c := newClient(t, "ALPHA").connect(g.Address)
		c.logon("")
		c.expectEnd()
	})
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
