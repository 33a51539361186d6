// Package link connects the gateway with the mainframe. A link has one connection, with many requests in flight, and dials again
// when needed. Every wait has a bound. A circuit breaker stops most attempts while the host is away.
package link

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/trust"
)

// ErrAway means that the host does not answer now. It may or may not have carried out the calls that are not Done.
var ErrAway = errors.New("mainframe away")

// Config has the host's address and the bounds of waiting.
type Config struct {
	Addr        string        `env:"MAINFRAME_ADDR,required"`                // host:port
	Name        string        `env:"MAINFRAME_NAME"`                         // in the host's certificate; empty: the host of Addr
	DialTimeout time.Duration `env:"MAINFRAME_DIAL_TIMEOUT" envDefault:"2s"` // of one attempt
	Timeout     time.Duration `env:"MAINFRAME_TIMEOUT" envDefault:"5s"`      // the longest wait for the next answer
	Failures    int           `env:"MAINFRAME_FAILURES" envDefault:"3"`      // failures in a row that open the breaker
	Rest        time.Duration `env:"MAINFRAME_REST" envDefault:"1s"`         // how long an open breaker waits before one more attempt
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

// name is the name that the host's certificate must have.
func (c Config) name() string {
	host, _, _ := net.SplitHostPort(c.Addr)
	return cmp.Or(c.Name, host)
}

// Call is one request and the function for its answer.
type Call struct {
	Function wire.Function
	Count    int    // records in Body
	Body     []byte // records

	// Accept handles the answer. It returns an error if the answer is not valid or the host failed. Then the link closes the
	// connection, and the breaker counts a failure. A refusal by a business rule is not an error.
	Accept func(answer wire.Frame) error

	Done bool // the answer was accepted
}

// Link is a connection to the host. Only one exchange at a time uses it. A purpose that must not wait for another has its own
// link.
type Link struct {
	cfg     Config
	secure  *tls.Config
	codec   wire.Codec
	breaker *gobreaker.CircuitBreaker[struct{}]

	turn chan struct{} // a token for the exchange that uses the connection
	conn *conversation // of the last exchange; nil if there is none

	mu    sync.Mutex
	fault error // why the last exchange failed
}

// New returns a link that dials at its first exchange. Both sides prove by certificates who they are. name is its purpose, for the log and the
// health.
func New(cfg Config, known *trust.Trust, name string, log *slog.Logger) (*Link, error) {
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	l := &Link{cfg: cfg, secure: known.Dialing(cfg.name()), codec: codec, turn: make(chan struct{}, 1)}
	l.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: name, MaxRequests: 1, Timeout: cfg.Rest,
		ReadyToTrip:   func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= cfg.Failures },
		IsExcluded:    func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(name string, from, to gobreaker.State) { l.changed(log, name, from, to) },
	})
	return l, nil
}

// Exchange sends all calls in their order and waits for the answers, which may arrive in any order. If it fails, the calls that
// are Done have their answers, and the host may or may not have carried out the others. The host works in order: once it has
// carried out a call, it will not carry out an earlier one. Errors: ErrAway, or ctx's.
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

// Ready returns nil while the host answers. Else its error says why not.
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

// exchange uses the connection of the last exchange, or dials. After a failure it closes the connection. Otherwise a late answer
// could be taken for another one, and the host could carry out an old request after a new one.
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
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: l.cfg.DialTimeout}, Config: l.secure}
	ctx, cancel := context.WithTimeout(ctx, l.cfg.DialTimeout) // the handshake as well
	defer cancel()
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
	case gobreaker.StateHalfOpen: // one attempt; its result is logged
	}
}
