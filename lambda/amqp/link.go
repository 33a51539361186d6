package amqp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/follow"
)

const (
	dialTimeout     = 5 * time.Second
	firstDelay      = 50 * time.Millisecond
	handshakeBudget = 10 * time.Second
)

var errNotConnected = errors.New("not connected")

// link keeps one connection up. It dials, declares, waits for the connection's end, throws it away and dials again: for ever,
// with backoff and jitter.
type link struct {
	name    string
	cfg     Config
	url     *follow.File[string] // with the password, which may change
	declare func(*amqp091.Connection) error
	log     *slog.Logger

	mu      sync.Mutex
	conn    *amqp091.Connection // nil while down
	why     error               // why it is down, or why the broker takes no messages; nil otherwise
	changed chan struct{}       // closed when conn changes
}

func newLink(name string, cfg Config, declare func(*amqp091.Connection) error, log *slog.Logger) *link {
	return &link{
		name: name, cfg: cfg, url: cfg.url(), declare: declare, log: log,
		why: errNotConnected, changed: make(chan struct{}),
	}
}

// run owns the connection until ctx ends.
func (l *link) run(ctx context.Context) {
	delay := firstDelay
	for ctx.Err() == nil {
		began := time.Now()
		err := l.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > l.cfg.MaxDelay {
			delay = firstDelay
		}
		l.log.Warn("broker connection lost, dialling again", "connection", l.name, "error", err, "delay", delay.String())
		pause(ctx, delay)
		delay = min(2*delay, l.cfg.MaxDelay)
	}
}

// once dials one connection and returns when it has ended.
func (l *link) once(ctx context.Context) error {
	conn, err := l.dial(ctx)
	if err != nil {
		l.set(nil, err)
		return err
	}
	closed := conn.NotifyClose(make(chan *amqp091.Error, 1))
	blocked := conn.NotifyBlocked(make(chan amqp091.Blocking, 8))
	defer discard(conn)
	if l.declare != nil {
		if err := do(ctx, func() error { return l.declare(conn) }); err != nil {
			l.set(nil, err)
			return err
		}
	}
	l.set(conn, nil)
	l.log.Info("broker connected", "connection", l.name)
	err = l.watch(ctx, closed, blocked)
	l.set(nil, err)
	return err
}

// watch waits for the connection's end. Meanwhile it notes whether the broker takes messages (not in a memory or disk alarm).
func (l *link) watch(ctx context.Context, closed <-chan *amqp091.Error, blocked <-chan amqp091.Blocking) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case reason := <-closed:
			if reason == nil {
				return errors.New("connection closed")
			}
			return reason
		case b, ok := <-blocked:
			if ok {
				l.setBlocked(b)
			} else {
				blocked = nil
			}
		}
	}
}

func (l *link) dial(ctx context.Context) (*amqp091.Connection, error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	address := l.url.Now()
	secure, err := l.cfg.tls(address)
	if err != nil {
		return nil, err
	}
	dialled := func() bool { return true }
	conn, err := amqp091.DialConfig(address, amqp091.Config{
		Heartbeat:  l.cfg.Heartbeat,
		Locale:     "en_US",
		Properties: amqp091.Table{"connection_name": l.name},

		TLSClientConfig: secure,
		Dial: func(network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			dialled = context.AfterFunc(ctx, func() { _ = c.Close() })
			// The handshake must end in time; the library clears the deadline after it.
			return c, c.SetDeadline(time.Now().Add(handshakeBudget))
		},
	})
	dialled()
	if err != nil {
		return nil, fmt.Errorf("dial broker: %w", err)
	}
	return conn, nil
}

func (l *link) set(conn *amqp091.Connection, why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.why = conn, why
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *link) setBlocked(b amqp091.Blocking) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.why = nil
	if b.Active {
		l.why = fmt.Errorf("broker takes no messages: %s", b.Reason)
		l.log.Warn("broker takes no messages", "connection", l.name, "reason", b.Reason)
	}
}

// wait returns the connection as soon as there is one. Errors: ctx's.
func (l *link) wait(ctx context.Context) (*amqp091.Connection, error) {
	for {
		l.mu.Lock()
		conn, changed := l.conn, l.changed
		l.mu.Unlock()
		if conn != nil {
			return conn, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-changed:
		}
	}
}

// ready is nil while the connection is up and the broker takes messages.
func (l *link) ready() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.why
}

// pause sleeps for delay and up to half as much again, or until ctx ends.
func pause(ctx context.Context, delay time.Duration) {
	timer := time.NewTimer(delay + rand.N(delay/2+1)) //nolint:gosec // spreads replicas
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
