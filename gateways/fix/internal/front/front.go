// Package front owns the providers' connections and relays them to the engines, on loopback.
//
// The engine is a good keeper of session rules and a poor doorkeeper: it takes any connection, whatever its size and
// speed, does not verify sums, and writes at once what is not yet durable. So the front admits who may come in, passes
// on what is a message, and lets out what is durable.
package front

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/seat"
)

// Seat is where one provider's session is, while this instance serves it.
type Seat = seat.Seat[provider.Provider, Session]

// Session is one provider's session behind the front.
type Session interface {
	seat.Session[provider.Provider]

	// Provider tells whose session it is, and by which rules it goes on.
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
	*door.Entrance[identity, *Seat]

	cfg    Config
	log    *slog.Logger
	counts Counts
	now    func() time.Time // for schedules
}

// Counts are told how often something happened.
type Counts struct {
	Refused func(n int) // logons
	Garbled func(n int) // messages ignored
	TooLong func(n int) // messages refused for their size
}

// New makes a front that lets nobody in yet. The config must be valid.
func New(cfg Config, counts Counts, log *slog.Logger) (*Front, error) {
	f := &Front{cfg: cfg, log: log, counts: counts, now: time.Now}
	var err error
	f.Entrance, err = door.NewEntrance(door.Place[identity, *Seat]{
		Prefix: Prefix, Listen: cfg.Listen, Config: cfg.Config, Patience: cfg.LogonTimeout, Protocol: logons{f}, Describe: describe, Log: log,
	})
	return f, err
}

func describe(s *Seat) (id identity, from []netip.Prefix) {
	p := s.Provider()
	return identity{p.BeginString, p.CompID, p.OurCompID}, p.Addresses
}
