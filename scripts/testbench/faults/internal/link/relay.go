package link

import (
	"context"
	"net"
	"sync"
	"time"
)

// pair is one connection of a program and the one to the server that belongs to it.
type pair struct {
	program net.Conn
	server  net.Conn // nil as long as there is none
	lost    bool     // something of it was swallowed
	done    chan struct{}
	once    sync.Once
}

// reset ends both connections the hard way. The link's lock is held.
func (p *pair) reset() {
	for _, c := range []net.Conn{p.program, p.server} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // RST instead of FIN
		}
	}
	p.end()
}

// end closes both connections. The link's lock is held.
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

// relay serves one connection. While nothing passes towards the server, it is not connected to either.
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
	case <-p.done: // ended meanwhile
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

// copy relays one way until either end has ended. The end, too, passes only while the way does not stand.
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
