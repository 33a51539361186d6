// Package link is the gateway's way to the mainframe: one connection, redialled when needed, many requests in flight on
// it, a bound on every wait, and a circuit breaker, so that a host which is away is not asked in vain at every turn.
package link

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"fxcore/gateways/mainframe/internal/wire"
)

// ErrAway means that the host can not be asked now. Nothing is known of the calls that are not done.
var ErrAway = errors.New("mainframe away")

// Config says where the host is and how long to wait for it.
type Config struct {
	Addr        string        `env:"MAINFRAME_ADDR,required"`                // host:port
	DialTimeout time.Duration `env:"MAINFRAME_DIAL_TIMEOUT" envDefault:"2s"` // of one attempt
	Timeout     time.Duration `env:"MAINFRAME_TIMEOUT" envDefault:"5s"`      // the longest wait for the next answer
	Failures    int           `env:"MAINFRAME_FAILURES" envDefault:"3"`      // in a row, and the breaker opens
	Rest        time.Duration `env:"MAINFRAME_REST" envDefault:"1s"`         // of an open breaker, before one more try
}

// Validate names what is out of range.
func (c Config) Validate() error {
	switch {
	case c.DialTimeout <= 0 || c.Timeout <= 0 || c.Rest <= 0:
		return errors.New("MAINFRAME_DIAL_TIMEOUT, MAINFRAME_TIMEOUT and MAINFRAME_REST must be above 0")
	case c.Failures < 1:
		return errors.New("MAINFRAME_FAILURES must be at least 1")
	}
	return nil
}

// Call is one request and what its answer is for.
type Call struct {
	Function wire.Function
	Count    int    // records in Body
	Body     []byte // records

	// Accept takes the answer. An error means that the host answered nonsense, or that it failed: the connection is
	// closed, and the breaker counts it. A refusal by a rule of business is an answer like any other.
	Accept func(answer wire.Frame) error

	Done bool // the answer was accepted
}

// Link is a way to the host. Exchanges on one link take turns; a purpose that must not wait for another has its own.
type Link struct {
	cfg     Config
	codec   wire.Codec
	breaker *gobreaker.CircuitBreaker[struct{}]

	turn chan struct{} // held by the exchange under way
	conn *conversation // of the last exchange; nil if there is none

	mu    sync.Mutex
	fault error // why the last exchange failed
}

// New returns a link that dials at its first exchange. name is its purpose, for the log and the health.
func New(cfg Config, name string, log *slog.Logger) (*Link, error) {
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	l := &Link{cfg: cfg, codec: codec, turn: make(chan struct{}, 1)}
	l.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: name, MaxRequests: 1, Timeout: cfg.Rest,
		ReadyToTrip:   func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= cfg.Failures },
		IsExcluded:    func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(name string, from, to gobreaker.State) { l.changed(log, name, from, to) },
	})
	return l, nil
}

// Exchange asks all calls at once, in their order, and waits for the answers, which may come in any order. If it fails,
// the calls that are Done have their answers; of the others nobody knows whether the host has carried them out. The host
// carries out in order: a call that was carried out has none before it that will be carried out later.
// Errors wrap ErrAway, or are ctx's.
func (l *Link) Exchange(ctx context.Context, calls []*Call) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err := l.breaker.Execute(func() (struct{}, error) { return struct{}{}, l.exchange(ctx, calls) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return nil
}

// Ready is nil while the host answers; otherwise it says since when it does not, and why.
func (l *Link) Ready(context.Context) error {
	if l.breaker.State() == gobreaker.StateClosed {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Errorf("breaker %s: %w", l.breaker.State(), l.fault)
}

// Close ends the connection. The link must not be in use.
func (l *Link) Close() error {
	if l.conn == nil {
		return nil
	}
	err := l.conn.close()
	l.conn = nil
	return err
}

// exchange talks over the connection of the last exchange, or a new one; after a failure it is closed: what comes late
// must not be taken for an answer, and what the host has not read must not be carried out after what is asked next.
func (l *Link) exchange(ctx context.Context, calls []*Call) (err error) {
	defer func() {
		l.mu.Lock()
		l.fault = err
		l.mu.Unlock()
	}()
	if l.conn == nil {
		if l.conn, err = l.dial(ctx); err != nil {
			return err
		}
	}
	if err = l.conn.exchange(ctx, calls); err != nil {
		return errors.Join(err, l.Close())
	}
	return nil
}

func (l *Link) dial(ctx context.Context) (*conversation, error) {
	dialer := net.Dialer{Timeout: l.cfg.DialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", l.cfg.Addr)
	if err != nil {
		return nil, err
	}
	return newConversation(conn, l.codec, l.cfg.Timeout), nil
}

func (l *Link) changed(log *slog.Logger, name string, from, to gobreaker.State) {
	l.mu.Lock()
	reason := l.fault
	l.mu.Unlock()
	switch to {
	case gobreaker.StateOpen:
		if from == gobreaker.StateClosed {
			log.Error("mainframe away, breaker opens", "link", name, "error", reason)
		}
	case gobreaker.StateClosed:
		log.Info("mainframe is back, breaker closes", "link", name)
	case gobreaker.StateHalfOpen: // one try; what comes of it is told
	}
}
