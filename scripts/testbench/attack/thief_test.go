//go:build e2e

package attack

import (
	"bytes"
	"crypto/tls"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/trust/authority"
)

// thief is a server that stands where another one is expected, with a certificate for its address that an authority of its own has signed.
type thief struct {
	listener net.Listener
	secure   *tls.Config
	database bool // it first agrees to TLS as PostgreSQL does

	mu    sync.Mutex
	known bytes.Buffer
}

func newThief(t *testing.T) *thief {
	t.Helper()
	a, err := authority.New("FX Core", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	text, err := a.Issue(authority.Subject{Name: "postgres.fxcore", Hosts: []string{"127.0.0.1", "localhost"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		t.Fatal(err)
	}
	return newThiefWith(t, pair)
}

// newThiefWith is a thief with a certificate that it has got somewhere.
func newThiefWith(t *testing.T, pair tls.Certificate) *thief {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &thief{listener: listener, secure: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}}
	t.Cleanup(func() { _ = listener.Close() })
	go h.serve()
	return h
}

func (h *thief) serve() {
	for {
		conn, err := h.listener.Accept()
		if err != nil {
			return
		}
		go h.listen(conn)
	}
}

func (h *thief) listen(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(attackBound))
	if h.database {
		if _, err := conn.Read(make([]byte, 8)); err != nil {
			return
		}
		_, _ = conn.Write([]byte("S"))
	}
	secured := tls.Server(conn, h.secure)
	told := make([]byte, 4096)
	n, _ := secured.Read(told)
	h.mu.Lock()
	defer h.mu.Unlock()
	_, _ = h.known.Write(told[:n])
}

// through returns a server's URL with the thief's address.
func (h *thief) through(t *testing.T, address string) string {
	t.Helper()
	h.database = strings.HasPrefix(address, "postgres")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = h.listener.Addr().String()
	return u.String()
}

// heard returns what it was told within TLS.
func (h *thief) heard() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known.String()
}
