package testkit

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy is a TCP relay between a program and a server, which a test can cut.
type Proxy struct {
	Addr string // where the program connects instead

	target   string
	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool
	refusing bool
	muted    bool
	relays   sync.WaitGroup
}

// NewProxy relays to target until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen for proxy: %v", err)
	}
	p := &Proxy{Addr: listener.Addr().String(), target: target, listener: listener, open: map[net.Conn]bool{}}
	p.relays.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.Cut()
		p.relays.Wait()
	})
	return p
}

// Cut ends every connection and refuses new ones until Heal.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusing = true
	for conn := range p.open {
		_ = conn.Close()
	}
}

// Mute loses what the server says from now on, until Heal: it hears the program, and the program does not hear it.
func (p *Proxy) Mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muted = true
}

// Heal lets programs connect again.
func (p *Proxy) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusing, p.muted = false, false
}

// voice is the way from the server to the program.
type voice struct {
	proxy *Proxy
	to    net.Conn
}

func (v voice) Write(b []byte) (int, error) {
	v.proxy.mu.Lock()
	muted := v.proxy.muted
	v.proxy.mu.Unlock()
	if muted {
		return len(b), nil
	}
	return v.to.Write(b)
}

func (p *Proxy) accept() {
	for {
		peer, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.relays.Go(func() { p.relay(peer) })
	}
}

func (p *Proxy) relay(peer net.Conn) {
	defer func() { _ = peer.Close() }()
	ctx, cancel := bounded()
	defer cancel()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	if !p.keep(peer, server) {
		return
	}
	defer p.forget(peer, server)
	var directions sync.WaitGroup
	copyTo := func(to io.Writer, from io.Reader) {
		_, _ = io.Copy(to, from) // ends with either connection
		_ = peer.Close()
		_ = server.Close()
	}
	directions.Go(func() { copyTo(voice{p, peer}, server) })
	directions.Go(func() { copyTo(server, peer) })
	directions.Wait()
}

func (p *Proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refusing {
		return false
	}
	for _, c := range conns {
		p.open[c] = true
	}
	return true
}

func (p *Proxy) forget(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.open, c)
	}
}
