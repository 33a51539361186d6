// Package front admits the connections of providers: it checks the login and finds the session.
package front

import (
	"context"
	"log/slog"
	"net"
	"net/netip"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/soup"
)

// Seat is the place of one provider's session at this instance.
type Seat = seat.Seat[provider.Provider, Session]

// Session is one provider's session, as the front uses it.
type Session interface {
	seat.Session[provider.Provider]

	// Serve serves a connection whose login was right. It answers the login, and returns why the connection ended.
	Serve(ctx context.Context, conn net.Conn, reader *soup.Reader, login soup.Login) error
}

// Front accepts connections for a set of seats.
type Front struct {
	*door.Entrance[string, *Seat] // by user

	cfg     Config
	refused func(n int)
	log     *slog.Logger
}

// New returns a front that does not admit any provider yet. The config must be valid. refused counts refused logins.
func New(cfg Config, refused func(n int), log *slog.Logger) (*Front, error) {
	f := &Front{cfg: cfg, refused: refused, log: log}
	var err error
	f.Entrance, err = door.NewEntrance(door.Place[string, *Seat]{
		Prefix: Prefix, Listen: cfg.Listen, Config: cfg.Config, Patience: cfg.LoginTimeout, Protocol: logins{f}, Describe: describe, Log: log,
	})
	return f, err
}

func describe(s *Seat) (user string, from []netip.Prefix) {
	p := s.Provider()
	return p.User, p.Addresses
}
