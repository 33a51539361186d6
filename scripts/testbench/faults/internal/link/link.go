// Package link relays TCP between a program and a server, and disturbs the traffic when told to. It stands for the
// network, which a core on one machine does not have.
package link

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// Link is the network between one program and one server. It is safe for concurrent use.
type Link struct {
	Name string // auth-1>postgres

	target   func() (string, error)
	listener net.Listener
	relays   sync.WaitGroup

	mu      sync.Mutex
	trouble Trouble
	changed chan struct{} // closed and replaced when trouble changes
	open    map[*pair]bool
	closed  bool
}

// New listens on a loopback port. The link calls target for the server's address on each connection, so it can exist
// before its server.
func New(ctx context.Context, name string, target func() (string, error)) (*Link, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", name, err)
	}
	l := &Link{Name: name, target: target, listener: listener, changed: make(chan struct{}), open: map[*pair]bool{}}
	l.relays.Go(l.accept)
	return l, nil
}

// Address returns the address to which the program connects instead of the server's.
func (l *Link) Address() string { return l.listener.Addr().String() }

// Set sets the trouble; the zero value ends it. A connection that has lost bytes is reset when the loss ends, because
// its two ends could not understand each other any more.
func (l *Link) Set(t Trouble) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble = t
	close(l.changed)
	l.changed = make(chan struct{})
	for p := range l.open {
		if t.Refuse || (p.lost && !t.loses()) {
			p.reset()
		}
	}
}

// Cut resets every connection (RST on both sides). The program may connect again at once.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.open {
		p.reset()
	}
}

// Open returns the number of connections.
func (l *Link) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// Close ends the link and its connections, and waits for its goroutines.
func (l *Link) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	_ = l.listener.Close()
	l.Cut()
	l.relays.Wait()
}

func (l *Link) accept() {
	for {
		program, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.relays.Go(func() { l.relay(program) })
	}
}
