package testkit

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Proxy is a TCP relay between a program and a server. A test can cut or disturb its connections.
type Proxy struct {
	Addr string // where the program connects instead

	target   string
	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool
	refusing bool
	muted    bool
	deaf     bool
	frozen   chan struct{} // closed when the relay goes on again; nil while it is not frozen
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

// Through relays to the server of a URL until the test ends. It also returns the URL that leads through the proxy.
func Through(t testing.TB, server string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("proxy: %v", err)
	}
	p := NewProxy(t, u.Host)
	u.Host = p.Addr
	return p, u.String()
}

// Cut ends every connection and refuses new ones until Heal. Both sides learn of it at once.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thaw()
	p.refusing = true
	for conn := range p.open {
		_ = conn.Close()
	}
}

// Mute drops what the server sends, until Heal. What the program sends still arrives.
func (p *Proxy) Mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muted = true
}

// Deafen drops what the program sends, until Heal. What the server sends still arrives. A connection that has lost something
// cannot be used afterwards.
func (p *Proxy) Deafen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = true
}

// Freeze makes the network hold back everything until Heal, even that a side has closed its connection. Neither side learns of
// it. New connections open, but get no answer.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen == nil {
		p.frozen = make(chan struct{})
	}
}

// Heal ends Cut, Mute, Deafen and Freeze. What was held back passes.
func (p *Proxy) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thaw()
	p.refusing, p.muted, p.deaf = false, false, false
}

// thaw ends Freeze; the caller holds mu.
func (p *Proxy) thaw() {
	if p.frozen != nil {
		close(p.frozen)
		p.frozen = nil
	}
}

// await returns once nothing is frozen, with mu held.
func (p *Proxy) await() {
	for p.mu.Lock(); p.frozen != nil; p.mu.Lock() {
		frozen := p.frozen
		p.mu.Unlock()
		<-frozen
	}
}

// way is one direction of a relay.
type way struct {
	proxy *Proxy
	to    net.Conn
	lost  *bool // of the proxy: whether what passes is lost
}

func (w way) Write(b []byte) (int, error) {
	w.proxy.await()
	lost := *w.lost
	w.proxy.mu.Unlock()
	if lost {
		return len(b), nil
	}
	return w.to.Write(b)
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
		p.await()
		p.mu.Unlock()
		_ = peer.Close()
		_ = server.Close()
	}
	directions.Go(func() { copyTo(way{p, peer, &p.muted}, server) })
	directions.Go(func() { copyTo(way{p, server, &p.deaf}, peer) })
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
