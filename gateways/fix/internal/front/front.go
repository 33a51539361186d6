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
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
)

// Seat is where one provider's session is, while this instance holds it.
type Seat interface {
	Provider() provider.Provider

	// Session is the session as it is served now. Error: that another instance holds it.
	Session() (Session, error)
}

// Session is one provider's session behind the front.
type Session interface {
	Provider() provider.Provider

	// Dial connects to the session's engine. A refusal, if not empty, is the reason with which the engine must refuse
	// the logon. Errors: ErrTaken while another connection has the session, and those of an engine that does not run.
	Dial(ctx context.Context, refusal string) (net.Conn, error)

	// Refuse tells that the incoming message with this number could not be passed on whole, and why. What is passed on
	// in its place has its header alone.
	Refuse(seq int, why wire.Fault)

	// Covered tells whether an outgoing message may be let go, and WaitCovered waits for it.
	Covered(seq int) bool
	WaitCovered(ctx context.Context, seq int) error
}

// ErrTaken tells that a session has a connection already.
var ErrTaken = errors.New("session has a connection already")

// Front accepts connections for a set of seats.
type Front struct {
	cfg         Config
	tls         *tls.Config
	seats       map[identity]Seat
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
func New(cfg Config, seats []Seat, credentials *provider.Credentials, counts Counts, log *slog.Logger) (*Front, error) {
	f := &Front{
		cfg: cfg, credentials: credentials, log: log, counts: counts,
		seats: make(map[identity]Seat, len(seats)),
		noise: newThrottle(provider.Throttle{PerSecond: 5, Burst: 20}),
	}
	var named []netip.Prefix
	for _, s := range seats {
		p := s.Provider()
		named = append(named, p.Addresses...)
		f.seats[identity{p.BeginString, p.CompID, p.OurCompID}] = s
	}
	f.lobby = newLobby(cfg.MaxWaiting, cfg.MaxWaitingEach, named)
	if cfg.ListenTLS != none {
		config, err := cfg.tls()
		if err != nil {
			return nil, err
		}
		f.tls = config
	}
	return f, nil
}
