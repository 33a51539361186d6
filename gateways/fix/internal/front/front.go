// Package front owns the connections of FIX providers. It relays their messages to the engines, which listen on loopback.
//
// quickfix keeps the session rules well, but it does not protect itself. It takes any connection and any amount of data, does
// not verify checksums, and sends messages before they are durable. So the front decides who may connect, passes on only
// well-formed messages, and sends an outgoing message only when it is durable.
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

// Seat is the place of one provider's session at this instance.
type Seat = seat.Seat[provider.Provider, Session]

// Session is one provider's session, as the front uses it.
type Session interface {
	seat.Session[provider.Provider]

	// Provider returns the provider of the session, with its present rules.
	Provider() provider.Provider

	// Dial connects to the session's engine. If refusal is not empty, the engine must refuse the logon with this reason.
	// Errors: ErrTaken while the session has another connection; those of an engine that does not run.
	Dial(ctx context.Context, refusal string) (net.Conn, error)

	// Read returns a provider's message as the engine must get it, or the reason to refuse it.
	Read(msg []byte) (forEngine []byte, why *wire.Fault)

	// Logon does the same for a Logon. A Logon with NextExpectedMsgSeqNum(789) must be followed by a ResendRequest with the
	// same MsgSeqNum: the engine bounds it and sends what the provider misses.
	Logon(msg []byte) (forEngine []byte, refusal string)

	// Gone tells the engine that nobody reads its messages any more.
	Gone()

	// Refused returns what the engine must get in place of a message that was refused before, and that the provider sends again because
	// its number was not stored as received. It returns nil for any other message. It must have seen every message before the engine. came is
	// what the message was read from: if that is too long, msg is its header only.
	Refused(msg []byte, came wire.Piece) (instead []byte)

	// Refuse tells the engine why the incoming message with this number must be refused. The front passes on only the
	// header of that message.
	Refuse(seq int, why wire.Fault)

	// Due returns the number that the engine expects next from the provider.
	Due() int

	// End tells the engine why the front ends the session with its next message, which has no valid number.
	End(why string)

	// Covered reports whether an outgoing message is durable, so that it may be sent. WaitCovered waits for that.
	Covered(seq int) bool
	WaitCovered(ctx context.Context, seq int) error
}

// ErrTaken means that a session has a connection already.
var ErrTaken = errors.New("session has a connection already")

// Front accepts connections for a set of seats.
type Front struct {
	*door.Entrance[identity, *Seat]

	cfg    Config
	log    *slog.Logger
	counts Counts
	now    func() time.Time // for schedules
}

// Counts has the counters of the front.
type Counts struct {
	Refused func(n int) // logons
	Garbled func(n int) // messages ignored
	TooLong func(n int) // messages refused for their size
}

// New returns a front that does not admit any provider yet. The config must be valid.
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
