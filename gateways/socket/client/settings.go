package client

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"net"
	"time"
)

// Connect opens a connection to the core.
type Connect func(ctx context.Context) (net.Conn, error)

type settings struct {
	addr                  string
	connect               Connect
	silence               time.Duration // after it the client sends a heartbeat
	patience              time.Duration // after it a silent connection is closed
	leastPause, mostPause time.Duration // bounds of the pause between two connections
	unconfirmed           int           // requests that may be unconfirmed at a time
}

// Option changes how a client behaves.
type Option func(*settings)

// WithTLS connects by TLS.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) {
		dialer, addr := &tls.Dialer{Config: config}, s.addr
		s.connect = func(ctx context.Context) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", addr) }
	}
}

// WithConnect replaces the TCP connection to Dial's address.
func WithConnect(connect Connect) Option { return func(s *settings) { s.connect = connect } }

// WithPause sets the pause between two connections: first least, then twice as long each time, up to most.
func WithPause(least, most time.Duration) Option {
	return func(s *settings) { s.leastPause, s.mostPause = least, most }
}

// WithUnconfirmed sets how many requests may be unconfirmed at a time: 1024 by default.
func WithUnconfirmed(requests int) Option { return func(s *settings) { s.unconfirmed = requests } }

// newSettings returns the defaults. SoupBinTCP 3.00, section 1: a heartbeat after a second, patience for fifteen seconds.
func newSettings(addr string, options []Option) settings {
	s := settings{
		addr:    addr,
		silence: time.Second, patience: 15 * time.Second,
		leastPause: 100 * time.Millisecond, mostPause: 5 * time.Second, unconfirmed: 1024,
	}
	s.connect = func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
	for _, option := range options {
		option(&s)
	}
	return s
}

// pause is the time between two connections. It grows with each failure, and is short again after a connection that worked.
type pause struct {
	least, most, now time.Duration
}

func (p *pause) reset() { p.now = 0 }

// take waits for the pause and up to half of it more, so that not all clients connect at once. It returns false if ctx ends.
func (p *pause) take(ctx context.Context) bool {
	p.now = min(max(2*p.now, p.least), p.most)
	timer := time.NewTimer(p.now + rand.N(p.now/2+1)) //nolint:gosec // spreads clients
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
