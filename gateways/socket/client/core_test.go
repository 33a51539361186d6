package client_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

const session = "S1"

// core is a server of one session. It keeps the session's messages and takes requests in order, over any number of connections.
type core struct {
	listener net.Listener
	scissors func() int // bytes after which a connection is cut, in either direction; nil: never
	refuse   soup.Reason
	busy     int // so many requests are turned away
	last     int // the session ends with the request of this number; 0: when it is told to

	mu      sync.Mutex
	grown   *sync.Cond
	stream  [][]byte // payloads; the first has number 1
	ended   bool
	taken   []string // references of the requests taken, in order
	strays  int      // requests that are neither next nor a repeat
	logins  []soup.Login
	conns   map[net.Conn]bool
	serving sync.WaitGroup
}

// newCore starts a core, set up before anybody can connect.
func newCore(t testing.TB, setUp func(*core)) *core {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &core{listener: listener, conns: map[net.Conn]bool{}}
	c.grown = sync.NewCond(&c.mu)
	setUp(c)
	c.serving.Go(c.accept)
	return c
}

func (c *core) addr() string { return c.listener.Addr().String() }

func (c *core) close() {
	c.listener.Close()
	c.cut()
	c.serving.Wait()
}

// cut ends all connections.
func (c *core) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.conns {
		conn.Close()
	}
	c.grown.Broadcast()
}

func (c *core) accept() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		if c.scissors != nil {
			conn = &fragile{Conn: conn, in: c.scissors(), out: c.scissors()}
		}
		c.mu.Lock()
		c.conns[conn] = true
		c.mu.Unlock()
		c.serving.Go(func() { c.serve(conn) })
	}
}

func (c *core) serve(conn net.Conn) {
	var writer sync.WaitGroup
	defer writer.Wait()
	defer c.leave(conn)
	r := soup.NewReader(conn, soup.Client, soup.LoginLimit)
	p, err := r.Next()
	if err != nil {
		return
	}
	login, err := soup.ParseLogin(p.Payload)
	if err != nil || !c.welcome(conn, login) {
		return
	}
	r.SetLimit(message.MaxRequest)
	writer.Go(func() { c.tell(conn, login.Next) })
	for {
		p, err := r.Next()
		if err != nil || p.Type == soup.TypeLogout {
			return
		}
		if p.Type == soup.TypeUnsequenced {
			c.hear(p.Payload)
		}
	}
}

func (c *core) leave(conn net.Conn) {
	conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, conn)
	c.grown.Broadcast()
}

func (c *core) welcome(conn net.Conn, login soup.Login) bool {
	c.mu.Lock()
	c.logins = append(c.logins, login)
	refuse := c.refuse
	c.mu.Unlock()
	if refuse != 0 {
		packet, _ := refuse.Append(nil)
		_, _ = conn.Write(packet)
		return false
	}
	packet, _ := soup.Acceptance{Session: session, Next: login.Next}.Append(nil)
	_, err := conn.Write(packet)
	return err == nil
}

// tell sends the stream from a number on, as it grows.
func (c *core) tell(conn net.Conn, next uint64) {
	for {
		c.mu.Lock()
		for c.conns[conn] && !c.ended && next > uint64(len(c.stream)) {
			c.grown.Wait()
		}
		there := c.conns[conn]
		var packet []byte
		if there && next <= uint64(len(c.stream)) {
			packet, _ = soup.Append(nil, soup.TypeSequenced, c.stream[next-1])
			next++
		} else if there {
			packet, _ = soup.Append(nil, soup.TypeEndOfSession, nil)
			there = false
		}
		c.mu.Unlock()
		if _, err := conn.Write(packet); err != nil || !there {
			conn.Close() // the reader sees it
			return
		}
	}
}

// hear takes a request, if it is the next one, and says that it is pending.
func (c *core) hear(payload []byte) {
	m, err := message.ParseRequest(payload)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		return
	}
	head := *m.Head()
	received := uint64(len(c.taken))
	if _, asked := m.(*message.StatusRequest); asked {
		c.say(&message.Status{AnswerHead: message.AnswerHead{Received: received, Sequence: head.Sequence}})
		return
	}
	reason := message.OutOfSequence
	switch {
	case head.Sequence == received+1 && c.busy > 0:
		c.busy--
		reason = message.Busy
	case head.Sequence == received+1:
		c.taken = append(c.taken, head.Reference)
		c.say(&message.Pending{
			AnswerHead: message.AnswerHead{Received: received + 1, Sequence: head.Sequence, Reference: head.Reference},
			Of:         m.Type(), ID: "id", TakenAt: time.Unix(1_800_000_000, 0),
		})
		c.ended = c.ended || len(c.taken) == c.last
		return
	case head.Sequence <= received && c.taken[head.Sequence-1] == head.Reference:
		return // a repeat: what a lost connection still brought was taken after the question how far
	default:
		c.strays++
	}
	c.say(&message.BusinessReject{AnswerHead: message.AnswerHead{Received: received, Sequence: head.Sequence}, Reason: reason, RefType: m.Type()})
}

// say appends to the stream, unless it has ended; c.mu is held.
func (c *core) say(m message.Answer) {
	if c.ended {
		return
	}
	payload, err := message.AppendAnswer(nil, m)
	if err != nil {
		panic(err) // a defect of the test
	}
	c.stream = append(c.stream, payload)
	c.grown.Broadcast()
}

// publish appends n messages of its own to the stream.
func (c *core) publish(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range n {
		c.stream = append(c.stream, fmt.Appendf(nil, "#%d %x", len(c.stream)+1, make([]byte, rand.IntN(40))))
	}
	c.grown.Broadcast()
}

func (c *core) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.grown.Broadcast()
}
