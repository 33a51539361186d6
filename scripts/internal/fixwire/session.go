package fixwire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Config is one session's settings.
type Config struct {
	Address   string        // host:port of the acceptor
	TLS       *tls.Config   // nil: plain TCP
	Begin     string        // FIX44 or FIXT11
	Sender    string        // SenderCompID (49), ours
	Target    string        // TargetCompID (56), the acceptor's
	Username  string        // 553; empty: not sent
	Password  string        // 554; empty: not sent
	Heartbeat time.Duration // HeartBtInt (108), whole seconds
	Reset     bool          // begin at sequence number 1 on both sides (141=Y)
}

const (
	dialBound  = 5 * time.Second
	logonBound = 10 * time.Second
	writeBound = 10 * time.Second
)

// ErrLoggedOut says that the peer ended the session with a Logout. The error's text contains the peer's reason.
var ErrLoggedOut = errors.New("logged out by the peer")

// Session is one connection on which both sides have logged on. Several goroutines may call Send.
type Session struct {
	cfg     Config
	journal *Journal
	handle  func(m *Message)
	conn    net.Conn
	in      *Reader
	message Message // the message that is being handled

	leaving   atomic.Bool  // we have sent Logout
	resending bool         // we have asked for a resend, and its first message has not come yet
	received  atomic.Int64 // time of the last received bytes, in nanoseconds of the Unix epoch
	written   atomic.Int64 // time of the last sent message, likewise

	mu  sync.Mutex
	out []byte
}

// Connect dials and logs on. It needs a journal that no other session uses at the same time. Run calls handle for
// each application message, and for each Reject (3), because only the program can know what was wrong with its
// message. The calls are in sequence, without a gap or a repeat. The message is valid until handle returns.
func Connect(ctx context.Context, cfg Config, journal *Journal, handle func(m *Message)) (*Session, error) {
	conn, err := dial(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", cfg.Sender, err)
	}
	s := &Session{cfg: cfg, journal: journal, handle: handle, conn: conn, in: NewReader(conn)}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := s.logon(); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("log on %s: %w", cfg.Sender, err)
	}
	return s, nil
}

func dial(ctx context.Context, cfg Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialBound)
	defer cancel()
	if cfg.TLS != nil {
		return (&tls.Dialer{Config: cfg.TLS}).DialContext(ctx, "tcp", cfg.Address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", cfg.Address)
}

// Send numbers one application message, stores it in the journal, writes it, and returns its MsgSeqNum. After an
// error of the connection the message stays in the journal: the peer receives it when it asks for a resend in the
// next session.
func (s *Session) Send(b *Body) (seq int, err error) { return s.write(b.kind, b.fields, b.fields) }

// Run receives messages, sends heartbeats and answers session messages until the connection ends or ctx does. When
// ctx ends, it logs out and returns nil. Otherwise it returns why the session ended: ErrLoggedOut if the peer sent a
// Logout.
func (s *Session) Run(ctx context.Context) error {
	defer func() { _ = s.conn.Close() }()
	stop := context.AfterFunc(ctx, s.leave)
	defer stop()
	beating := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(beating)
		s.beat(ended)
	}()
	err := s.receive()
	close(ended)
	<-beating
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// leave sends Logout and gives the peer a second to answer. After that, receive ends.
func (s *Session) leave() {
	s.leaving.Store(true)
	_, _ = s.control(NewBody(logout))
	_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
}

// control sends a session message. It takes a sequence number and is never sent again.
func (s *Session) control(b *Body) (seq int, err error) { return s.write(b.kind, b.fields, nil) }

func (s *Session) write(kind string, fields, remembered []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	seq, err := s.journal.take(kind, remembered, now)
	if err != nil {
		return 0, err
	}
	return seq, s.put(Header{Seq: seq, Sent: now}, kind, fields)
}

// put writes one message. The caller holds the lock.
func (s *Session) put(h Header, kind string, fields []byte) error {
	h.Begin, h.Sender, h.Target = s.cfg.Begin, s.cfg.Sender, s.cfg.Target
	s.out = appendFrame(s.out[:0], h, kind, fields)
	s.written.Store(h.Sent.UnixNano())
	if err := s.conn.SetWriteDeadline(h.Sent.Add(writeBound)); err != nil {
		return fmt.Errorf("send %s: %w", kind, err)
	}
	if _, err := s.conn.Write(s.out); err != nil {
		return fmt.Errorf("send %s: %w", kind, err)
	}
	return nil
}
