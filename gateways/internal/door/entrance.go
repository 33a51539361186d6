package door

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/credential"
)

// Protocol is how a gateway's visitors log in.
type Protocol interface {
	// Admit reads the login and finds the session that it belongs to. ctx ends when the login takes too long.
	Admit(ctx context.Context, v Visitor) (Admitted, error)
	// Refuse is told why a visitor comes to nothing. It may answer; the connection is closed afterwards.
	Refuse(v Visitor, why error)
}

// Visitor is a connection on its way to a session.
type Visitor struct {
	Guest  *Guest
	Caller arrival.Caller
}

// Admitted is a visitor whose login was right. Close is called once it is no longer served, also if it never was.
type Admitted interface {
	Serve(ctx context.Context)
	Close() error
}

// Place says where an entrance is, and how visitors log in there. S is a provider's seat, K what a login names it by.
type Place[K comparable, S any] struct {
	Prefix   string // of the settings' names, for errors
	Listen   string // plain TCP; None for none
	Config   Config
	Patience time.Duration // from the connection to the complete login
	Protocol Protocol

	// Describe tells by which name a seat is found, and from where its provider says that it comes.
	Describe func(seat S) (name K, from []netip.Prefix)
	Log      *slog.Logger
}

// Entrance lets the providers of a gateway in.
type Entrance[K comparable, S any] struct {
	Credentials *credential.Checker
	Strangers   *Strangers

	place Place[K, S]
	tls   *tls.Config
	lobby *Lobby

	mu    sync.RWMutex
	seats map[K]S
}

// NewEntrance returns an entrance that lets nobody in yet. Error: the certificate or the key is wrong.
func NewEntrance[K comparable, S any](p Place[K, S]) (*Entrance[K, S], error) {
	config, err := p.Config.tls(p.Prefix)
	if err != nil {
		return nil, err
	}
	return &Entrance[K, S]{
		place: p, tls: config, lobby: NewLobby(p.Config.MaxWaiting, p.Config.MaxWaitingEach, nil),
		Credentials: credential.NewChecker(p.Config.Checks), Strangers: NewStrangers(p.Log),
	}, nil
}

// Serve accepts connections until ctx ends, and returns once all are closed. It fails if it cannot listen.
func (e *Entrance[K, S]) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	d := Door{
		Listen: e.place.Listen, ListenTLS: e.place.Config.ListenTLS, TLS: e.tls, Log: e.place.Log,
		Lobby: e.lobby, From: e.place.Config.ProxyFrom.From, Handle: e.handle,
	}
	return d.Serve(ctx, opened...)
}

// Admit lets in the providers that have these seats, as they are now, and no others. Connections that are there stay.
func (e *Entrance[K, S]) Admit(seats []S) {
	known := make(map[K]S, len(seats))
	var named []netip.Prefix
	for _, s := range seats {
		name, from := e.place.Describe(s)
		named = append(named, from...)
		known[name] = s
	}
	e.lobby.Know(named)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seats = known
}

// Seat finds a seat by the name in a login.
func (e *Entrance[K, S]) Seat(name K) (s S, known bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s, known = e.seats[name]
	return s, known
}

// Waiting tells how many connections are without a login, and how many had to give way to others since the start.
func (e *Entrance[K, S]) Waiting() (waiting, turnedAway int) { return e.lobby.Count() }

// handle brings a connection to its session, if it has one, and serves it until it ends.
func (e *Entrance[K, S]) handle(ctx context.Context, raw net.Conn, guest *Guest, config *tls.Config) {
	defer func() { _ = raw.Close() }()
	defer guest.Leave()
	bounded, cancel := context.WithTimeout(ctx, e.place.Patience)
	defer cancel()
	stop := context.AfterFunc(bounded, func() { _ = raw.Close() })
	defer stop()
	v := Visitor{guest, arrival.Caller{Conn: raw}}
	admitted, err := e.admit(bounded, &v, config)
	if err != nil {
		e.place.Protocol.Refuse(v, err)
		return
	}
	defer func() { _ = admitted.Close() }()
	if !stop() {
		return // too late: it is closed
	}
	guest.Leave()
	admitted.Serve(ctx)
}

// admit does all that comes before a session sees the connection.
func (e *Entrance[K, S]) admit(ctx context.Context, v *Visitor, config *tls.Config) (Admitted, error) {
	if err := e.meet(ctx, v, config); err != nil {
		return nil, err
	}
	return e.place.Protocol.Admit(ctx, *v)
}

// meet finds out who comes: by what a proxy says, or by our own TLS.
func (e *Entrance[K, S]) meet(ctx context.Context, v *Visitor, config *tls.Config) error {
	caller, err := e.place.Config.ProxyFrom.Identify(v.Caller.Conn)
	if err != nil {
		return err
	}
	v.Caller = caller // also if it comes no further: for the log
	v.Guest.ComesFrom(caller.Address)
	if config == nil {
		return nil
	}
	secured, err := caller.Secure(ctx, config)
	if err != nil {
		return err
	}
	v.Caller = secured
	return nil
}
