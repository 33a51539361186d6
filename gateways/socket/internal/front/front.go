// Package front admits the providers' connections: who comes, by which login, to which session.
package front

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/soup"
)

// Seat is where one provider's session is, while this instance holds it.
type Seat interface {
	Provider() provider.Provider

	// Session is the session as it is served now. Error: that another instance holds it.
	Session() (Session, error)
}

// Session is one provider's session behind the front.
type Session interface {
	// Serve serves a connection whose login was right, answer included, and tells why it ended.
	Serve(ctx context.Context, conn net.Conn, reader *soup.Reader, login soup.Login) error
}

// Front accepts connections for a set of seats.
type Front struct {
	cfg         Config
	tls         *tls.Config
	credentials *credential.Checker
	lobby       *door.Lobby
	strangers   *door.Strangers
	refused     func(n int)
	log         *slog.Logger

	mu    sync.RWMutex
	seats map[string]Seat // by user
}

// New makes a front that lets nobody in yet. The config must be valid. refused is told of logins that were refused.
func New(cfg Config, refused func(n int), log *slog.Logger) (*Front, error) {
	f := &Front{
		cfg: cfg, credentials: credential.NewChecker(cfg.Checks), lobby: door.NewLobby(cfg.MaxWaiting, cfg.MaxWaitingEach, nil),
		strangers: door.NewStrangers(log), refused: refused, log: log,
	}
	if cfg.ListenTLS == door.None {
		return f, nil
	}
	var err error
	f.tls, err = cfg.tls()
	return f, err
}

// Serve accepts connections until ctx ends, and returns once all are closed. It fails if it cannot listen.
func (f *Front) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	d := door.Door{
		Listen: f.cfg.Listen, ListenTLS: f.cfg.ListenTLS, TLS: f.tls, Log: f.log,
		Lobby: f.lobby, From: f.cfg.ProxyFrom.From, Handle: f.handle,
	}
	return d.Serve(ctx, opened...)
}

// Seat lets those providers in that have these seats, by their users as they are now, and no others. Who is connected stays.
func (f *Front) Seat(seats []Seat) {
	known := make(map[string]Seat, len(seats))
	var named []netip.Prefix
	for _, s := range seats {
		p := s.Provider()
		named = append(named, p.Addresses...)
		known[p.User] = s
	}
	f.lobby.Know(named)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seats = known
}

func (f *Front) seat(user string) (s Seat, known bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	s, known = f.seats[user]
	return s, known
}

// Strangers tells how many connections are not logged in, and how many had to give way to others since the start.
func (f *Front) Strangers() (waiting, turnedAway int) { return f.lobby.Count() }
