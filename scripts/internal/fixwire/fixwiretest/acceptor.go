// Package fixwiretest plays the other side of a FIX session in tests: an acceptor that the test controls.
package fixwiretest

import (
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"fxcore/scripts/internal/fixwire"
)

// Acceptor listens until its test ends. It answers each Logon and Logout, and passes every other message to the test.
type Acceptor struct {
	Addr string

	listener net.Listener
	serve    func(p *Peer, m *fixwire.Message)
	running  sync.WaitGroup
	mu       sync.Mutex
	conns    []net.Conn
	first    int    // first sequence number of a new connection
	refusal  string // the text with which it refuses every Logon; empty: it accepts them
}

// Peer is one connection to the acceptor.
type Peer struct {
	begin, sender, target string

	mu   sync.Mutex
	conn net.Conn
	next int
	out  []byte
}

// Accept starts an acceptor. It calls serve for each message except Logon and Logout, in order for each connection;
// several connections call it concurrently.
func Accept(t testing.TB, serve func(p *Peer, m *fixwire.Message)) *Acceptor {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	a := &Acceptor{Addr: listener.Addr().String(), listener: listener, serve: serve, first: 1}
	a.running.Go(a.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		a.Drop()
		a.running.Wait()
	})
	return a
}

// Drop closes all connections without a Logout.
func (a *Acceptor) Drop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, conn := range a.conns {
		_ = conn.Close()
	}
	a.conns = nil
}

func (a *Acceptor) accept() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return
		}
		a.mu.Lock()
		a.conns = append(a.conns, conn)
		first := a.first
		a.mu.Unlock()
		a.running.Go(func() { a.talk(&Peer{conn: conn, next: first}) })
	}
}

func (a *Acceptor) talk(p *Peer) {
	defer func() { _ = p.conn.Close() }()
	in := fixwire.NewReader(p.conn)
	var m fixwire.Message
	for {
		err := in.Next(&m)
		if errors.Is(err, fixwire.ErrGarbled) {
			continue
		}
		if err != nil {
			return
		}
		switch m.Kind {
		case "A":
			p.begin, p.sender, p.target = m.Text(8), m.Text(56), m.Text(49)
			if !a.welcome(p, &m) {
				return
			}
		case "5":
			p.Send(fixwire.NewBody("5"))
			return
		default:
			a.serve(p, &m)
		}
	}
}

func (a *Acceptor) welcome(p *Peer, m *fixwire.Message) bool {
	a.mu.Lock()
	why := a.refusal
	a.mu.Unlock()
	if why != "" {
		p.Send(fixwire.NewBody("5").Text(58, why))
		return false
	}
	p.Send(fixwire.NewBody("A").Text(98, "0").Text(108, m.Text(108)))
	return true
}

// Send writes a message with the next sequence number.
func (p *Peer) Send(b *fixwire.Body) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write(fixwire.Header{Seq: p.next}, b)
	p.next++
}

// SendAs writes a message with the given sequence number. A non-zero original marks a possible duplicate.
func (p *Peer) SendAs(seq int, original time.Time, b *fixwire.Body) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write(fixwire.Header{Seq: seq, Original: original}, b)
}

// Continue sets the sequence number of the next message.
func (p *Peer) Continue(seq int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = seq
}

// Write writes raw bytes.
func (p *Peer) Write(raw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.conn.Write([]byte(raw)) // the reader reports a connection that has ended
}

func (p *Peer) write(h fixwire.Header, b *fixwire.Body) {
	h.Begin, h.Sender, h.Target, h.Sent = p.begin, p.sender, p.target, time.Now()
	p.out = fixwire.Append(p.out[:0], h, b)
	_, _ = p.conn.Write(p.out) // as above
}

// ContinueAt makes the next connection begin with the sequence number that the journal expects, like an acceptor that
// remembers its session.
func (a *Acceptor) ContinueAt(journal *fixwire.Journal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, a.first = journal.Next()
}

// Refuse starts an acceptor that answers every Logon with a Logout whose text is why. It returns the address.
func Refuse(t testing.TB, why string) string {
	t.Helper()
	a := Accept(t, nil)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refusal = why
	return a.Addr
}
