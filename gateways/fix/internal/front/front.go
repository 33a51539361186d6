// Package front owns the providers' connections and relays them to the engines, on loopback.
//
// The engine is a good keeper of session rules and a poor doorkeeper: it takes any connection, whatever its size and
// speed, does not verify sums, and writes at once what is not yet durable. So the front admits who may come in, passes
// on what is a message, and lets out what is durable.
package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"fxcore/gateways/fix/internal/provider"
)

// Session is one provider's session behind the front.
type Session interface {
	Provider() provider.Provider

	// Dial connects to the session's engine. A refusal, if not empty, is the reason with which the engine must refuse
	// the logon. Errors: ErrTaken while another connection has the session, and those of an engine that does not run.
	Dial(ctx context.Context, refusal string) (net.Conn, error)

	// Refuse tells that the incoming message with this number could not be passed on whole, and why. What is passed on
	// in its place has its header alone.
	Refuse(seq int, why string)

	// Covered tells whether an outgoing message may be let go, and WaitCovered waits for it.
	Covered(seq int) bool
	WaitCovered(ctx context.Context, seq int) error
}

// ErrTaken tells that a session has a connection already.
var ErrTaken = errors.New("session has a connection already")

// Front accepts connections for a set of sessions.
type Front struct {
	cfg         Config
	tls         *tls.Config
	sessions    map[identity]Session
	credentials *provider.Credentials
	log         *slog.Logger
	lobby       *lobby
	counts      Counts
	noise       *throttle // of log lines about strangers
	noiseMu     sync.Mutex
}

// Counts are told how often something happened. Nil functions are not called.
type Counts struct {
	Refused func(n int) // logons
	Garbled func(n int) // messages ignored
	TooLong func(n int) // messages refused for their size
}

// New makes a front. The config must be valid.
func New(cfg Config, sessions []Session, credentials *provider.Credentials, counts Counts, log *slog.Logger) (*Front, error) {
	f := &Front{
		cfg: cfg, credentials: credentials, log: log, counts: counts,
		sessions: make(map[identity]Session, len(sessions)),
		lobby:    newLobby(cfg.MaxWaiting, cfg.MaxWaitingEach),
		noise:    newThrottle(provider.Throttle{PerSecond: 5, Burst: 20}),
	}
	for _, s := range sessions {
		p := s.Provider()
		f.sessions[identity{p.BeginString, p.CompID, p.OurCompID}] = s
	}
	if cfg.ListenTLS != none {
		config, err := cfg.tls()
		if err != nil {
			return nil, err
		}
		f.tls = config
	}
	return f, nil
}

// Serve accepts connections until ctx ends, and returns once all are closed. It fails if it cannot listen.
func (f *Front) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	plain, err := listen(ctx, f.cfg.Listen)
	if err != nil {
		return err
	}
	secure, err := listen(ctx, f.cfg.ListenTLS)
	if err != nil {
		return errors.Join(err, closeAll(plain))
	}
	for _, tell := range opened {
		tell(addressOf(plain), addressOf(secure))
	}
	defer context.AfterFunc(ctx, func() { _ = closeAll(plain, secure) })()
	var accepting sync.WaitGroup
	accepting.Go(func() { f.accept(ctx, plain, nil) })
	accepting.Go(func() { f.accept(ctx, secure, f.tls) })
	accepting.Wait()
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	if address == none {
		return nil, nil
	}
	l, err := (&net.ListenConfig{KeepAliveConfig: keepAlive()}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for providers on %s: %w", address, err)
	}
	return l, nil
}

// keepAlive finds a provider whose host or network has gone within 20 s, so that it can log on again: until then its old
// connection has the session.
func keepAlive() net.KeepAliveConfig {
	return net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3}
}

func closeAll(listeners ...net.Listener) error {
	var errs []error
	for _, l := range listeners {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}

func addressOf(l net.Listener) net.Addr {
	if l == nil {
		return nil
	}
	return l.Addr()
}

const acceptPause = 50 * time.Millisecond // after a failure, such as no more file descriptors

// accept takes connections until the listener is closed, and waits for them to end.
func (f *Front) accept(ctx context.Context, l net.Listener, config *tls.Config) {
	if l == nil {
		return
	}
	f.log.Info("providers may connect", "server.address", l.Addr().String(), "tls", config != nil)
	var open sync.WaitGroup
	defer open.Wait()
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			open.Go(func() { f.handle(ctx, conn, config) })
		case errors.Is(err, net.ErrClosed):
			return
		default:
			f.log.Warn("connection not accepted", "error", err)
			sleep(ctx, acceptPause)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
