package link

import (
	"context"
	"net"
	"sync"
	"time"
)

// pair is a program's connection to the link, and the link's connection to the server for it.
type pair struct {
	program net.Conn
	server  net.Conn // nil until the link has connected
	lost    bool     // it has lost bytes
	done    chan struct{}
	once    sync.Once
}

// reset resets both connections (RST). The caller holds the link's lock.
func (p *pair) reset() {
	for _, c := range []net.Conn{p.program, p.server} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // RST instead of FIN
		}
	}
	p.end()
}

// end closes both connections. The caller holds the link's lock.
func (p *pair) end() {
	p.once.Do(func() {
		close(p.done)
		_ = p.program.Close()
		if p.server != nil {
			_ = p.server.Close()
		}
	})
}

const dialBound = 5 * time.Second

// relay serves one connection. It connects to the server only when bytes may pass towards the server.
func (l *Link) relay(program net.Conn) {
	p := &pair{program: program, done: make(chan struct{})}
	if !l.keep(p) {
		return
	}
	defer l.forget(p)
	if !l.await(p, outward) || !l.dial(p) {
		return
	}
	var ways sync.WaitGroup
	ways.Go(func() { l.copy(p, outward, p.server, p.program) })
	ways.Go(func() { l.copy(p, inward, p.program, p.server) })
	ways.Wait()
}

func (l *Link) dial(p *pair) bool {
	address, err := l.target()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), dialBound)
	defer cancel()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-p.done: // it has ended in the meantime
		_ = server.Close()
		return false
	default:
	}
	p.server = server
	return true
}

func (l *Link) keep(p *pair) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.trouble.Refuse {
		p.reset()
		return false
	}
	l.open[p] = true
	return true
}

func (l *Link) forget(p *pair) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.end()
	delete(l.open, p)
}

// copy relays one direction until either end closes. It delays the close, too, while the direction lets nothing pass.
func (l *Link) copy(p *pair, d direction, to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !l.pass(p, d, to, buffer[:n]) {
			break
		}
		if err != nil {
			l.await(p, d)
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p.end()
}
