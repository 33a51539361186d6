package witness

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"fxcore/gateways/socket/client"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// SocketTrader is a provider with a desk that uses the socket protocol. It records everything that it sends and
// receives, and keeps its session whatever happens to the core.
type SocketTrader struct {
	*Book
	*open
	cfg    SocketConfig
	record *record.Writer
	name   string

	up chan struct{} // closed when the first login has succeeded

	mu     sync.Mutex
	client *client.Client
	sent   int       // number of the last request
	heard  int       // number of the last message received
	left   time.Time // when the last connection ended; zero if none has
	said   error     // the last login's error
}

const sendBound = time.Minute // how long a request waits for room while the client has too many unanswered ones

// SocketConfig is how a provider connects.
type SocketConfig struct {
	Address  string // host:port
	Provider string
	Username string
	Password string
}

// NewSocketTrader opens a desk. References begin with the provider's name and the record's name.
func NewSocketTrader(cfg SocketConfig, w *record.Writer, name string, seed uint64) (*SocketTrader, error) {
	t := &SocketTrader{open: newOpen(cfg.Provider), cfg: cfg, record: w, name: name, up: make(chan struct{})}
	book, err := newBook(cfg.Provider, name, seed, t.request)
	t.Book = book
	return t, err
}

// Provider returns the provider's id.
func (t *SocketTrader) Provider() string { return t.cfg.Provider }

// Run logs in, with as many attempts as it takes, and receives until ctx ends. It returns an error if the session
// ends before that.
func (t *SocketTrader) Run(ctx context.Context) error {
	c, err := t.login(ctx)
	if err != nil {
		return nil //nolint:nilerr // ctx has ended
	}
	defer c.Close()
	t.mu.Lock()
	t.client = c
	t.mu.Unlock()
	close(t.up)
	for {
		m, err := c.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("session of %s: %w", t.cfg.Provider, err)
		}
		if err := t.receive(m); err != nil {
			return err
		}
	}
}

func (t *SocketTrader) login(ctx context.Context) (*client.Client, error) {
	who := client.Credentials{Username: t.cfg.Username, Password: t.cfg.Password}
	for {
		c, err := client.Dial(ctx, t.cfg.Address, who, client.Point{}, client.WithConnect(t.connect), client.WithPause(firstPause, lastPause))
		if err == nil {
			return c, nil
		}
		t.mu.Lock()
		t.said = err
		t.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lastPause):
		}
	}
}

// connect opens a connection and notes when it ends.
func (t *SocketTrader) connect(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", t.cfg.Address)
	if err != nil {
		return nil, err
	}
	return &noted{Conn: conn, ended: t.ended}, nil
}

func (t *SocketTrader) ended() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = time.Now()
}

// noted is a connection that calls ended once, when it is closed.
type noted struct {
	net.Conn
	once  sync.Once
	ended func()
}

// Close closes the connection.
func (n *noted) Close() error {
	n.once.Do(n.ended)
	return n.Conn.Close()
}

// Left returns when the last connection ended; zero if none has.
func (t *SocketTrader) Left() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.left
}

// Connected waits for the first login. When ctx ends, its error says why the last login failed.
func (t *SocketTrader) Connected(ctx context.Context) error {
	select {
	case <-t.up:
		return nil
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		return fmt.Errorf("%s is not logged in: %w (%w)", t.cfg.Provider, ctx.Err(), t.said)
	}
}

// Finish waits until every request has its final answer. The caller must wait for Trade to return first.
func (t *SocketTrader) Finish(ctx context.Context) error { return t.Answered(ctx) }

// request records a request and lets the client send it. The client sends it again after each loss of the connection.
func (t *SocketTrader) request(ctx context.Context, r desk.Request, again bool) error {
	if err := t.Connected(ctx); err != nil {
		return err
	}
	written, s := SocketRequest(r)
	s.Session, s.At, s.Again = t.cfg.Provider, t.now(), again
	t.record.Sent(s)
	t.expect(s.Reference)
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendBound) // even if ctx ends: it is recorded
	defer cancel()
	number, err := t.client.Send(sending, written)
	if err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.sent = int(number) //nolint:gosec // a run has few
	}
	return err
}

// Numbers returns the numbers of the next request and of the next message from the core.
func (t *SocketTrader) Numbers() (out, in int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sent + 1, t.heard + 1
}

// owns reports whether this trader made the reference.
func (t *SocketTrader) owns(reference string) bool {
	return strings.HasPrefix(reference, t.cfg.Provider+"-"+t.name+"-")
}

// receive records an answer. The client has already handled messages about the connection.
func (t *SocketTrader) receive(m client.Message) error {
	t.mu.Lock()
	first := t.heard == 0
	t.heard = int(m.Number) //nolint:gosec // a run has few
	t.mu.Unlock()
	answer, err := m.Answer()
	if err != nil {
		return fmt.Errorf("message %d to %s: %w", m.Number, t.cfg.Provider, err)
	}
	a, ok := ReadSocket(answer)
	if !ok || first && !t.owns(a.Reference) {
		return nil // a login without a number first gets the most recent message, which belongs to an earlier trader
	}
	a.Run, a.Session, a.At, a.Seq = t.name, t.cfg.Provider, t.now(), int(m.Number) //nolint:gosec // a run has few
	t.record.Received(a)
	if a.State != oracle.Pending {
		t.settle(a.Reference)
	}
	t.answered(a)
	return nil
}
