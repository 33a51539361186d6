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
	silence               time.Duration // after which we say that we are there
	patience              time.Duration // after which a silent server is given up
	leastPause, mostPause time.Duration // between two connections
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

// WithConnect connects by other means than TCP to Dial's address.
func WithConnect(connect Connect) Option { return func(s *settings) { s.connect = connect } }

// WithPause sets how long to wait between two connections: least at first, twice as long each time, at most most.
func WithPause(least, most time.Duration) Option {
	return func(s *settings) { s.leastPause, s.mostPause = least, most }
}

// WithUnconfirmed sets how many requests may be unconfirmed at a time: 1024 by default.
func WithUnconfirmed(requests int) Option { return func(s *settings) { s.unconfirmed = requests } }

// newSettings are those of SoupBinTCP 3.00, section 1: heartbeats after a second, fifteen seconds of patience.
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

// pause is the time between two connections: longer each time, short again after a connection that was of use.
type pause struct {
	least, most, now time.Duration
}

func (p *pause) reset() { p.now = 0 }

// take waits, up to half as long again so that not all clients come at once. It returns false if ctx ended.
func (p *pause) take(ctx context.Context) bool {
	p.now = min(max(2*p.now, p.least), p.most)
	timer := time.NewTimer(p.now + rand.N(p.now/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
