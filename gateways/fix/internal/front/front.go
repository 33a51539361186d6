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
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
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

	// Due is the number that the provider's next message must have, as far as the engine has come.
	Due() int

	// End tells why the message without a number that comes next ends the session.
	End(why string)

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
	credentials *credential.Checker
	log         *slog.Logger
	lobby       *door.Lobby
	counts      Counts
	noise       *door.Strangers
	now         func() time.Time // for schedules

	mu    sync.RWMutex
	seats map[identity]Seat
}

// Counts are told how often something happened. Nil functions are not called.
type Counts struct {
	Refused func(n int) // logons
	Garbled func(n int) // messages ignored
	TooLong func(n int) // messages refused for their size
}

// New makes a front. The config must be valid.
func New(cfg Config, seats []Seat, credentials *credential.Checker, counts Counts, log *slog.Logger) (*Front, error) {
	f := &Front{
		cfg: cfg, credentials: credentials, log: log, counts: counts, now: time.Now,
		lobby: door.NewLobby(cfg.MaxWaiting, cfg.MaxWaitingEach, nil),
		noise: door.NewStrangers(log),
	}
	f.Seat(seats)
	if cfg.ListenTLS != door.None {
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
	d := door.Door{
		Listen: f.cfg.Listen, ListenTLS: f.cfg.ListenTLS, TLS: f.tls, Log: f.log,
		Lobby: f.lobby, From: f.cfg.ProxyFrom.From, Handle: f.handle,
	}
	return d.Serve(ctx, opened...)
}

// Seat lets those providers in that have these seats, as their identities are now, and no others. Who is connected stays.
func (f *Front) Seat(seats []Seat) {
	known := make(map[identity]Seat, len(seats))
	var named []netip.Prefix
	for _, s := range seats {
		p := s.Provider()
		named = append(named, p.Addresses...)
		known[identity{p.BeginString, p.CompID, p.OurCompID}] = s
	}
	f.lobby.Know(named)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seats = known
}

func (f *Front) seat(id identity) (s Seat, known bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	s, known = f.seats[id]
	return s, known
}
