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
	"fxcore/gateways/internal/revocation"
	"fxcore/lambda/audit"
)

// Protocol is how a gateway's visitors log in.
type Protocol interface {
	// Admit reads the login and finds its session. ctx ends when the login takes too long.
	Admit(ctx context.Context, v Visitor) (Admitted, error)
	// Refuse is called with the reason when a visitor is not admitted. It may answer; then the entrance closes the connection.
	Refuse(v Visitor, why error)
}

// Visitor is a connection before its login is complete.
type Visitor struct {
	Guest  *Guest
	Caller arrival.Caller
}

// Admitted is a visitor whose login was right. The entrance calls Close at the end, even if it never called Serve. It must be
// comparable.
type Admitted interface {
	Serve(ctx context.Context)
	Close() error

	// Name is the provider's id, for the log.
	Name() string
	// Keeps returns nil while the present rules would admit the connection. See Proof.Holds.
	Keeps() error
	// End ends the connection, also before Serve, and tells the provider why. It does not wait.
	End(why Ended)
}

// Place describes an entrance: where it listens and how visitors log in. S is a provider's seat, K the name of a seat in a
// login.
type Place[K comparable, S any] struct {
	Prefix   string // of the settings' names, for errors
	Listen   string // plain TCP; None for none
	Config   Config
	Patience time.Duration // from the connection to the complete login
	Protocol Protocol

	// Describe returns the name of a seat in a login, and the networks that its provider's rules name.
	Describe func(seat S) (name K, from []netip.Prefix)
	Log      *slog.Logger
}

// Entrance admits the providers of a gateway.
type Entrance[K comparable, S any] struct {
	Credentials *credential.Checker
	Strangers   *Strangers
	Guesses     *Guesses
	Barred      func(provider string) bool // whether a person has barred a provider; Bar sets it

	revoked *revocation.List
	audit   *audit.Trail

	place Place[K, S]
	tls   *tls.Config
	proxy *tls.Config // for connections of proxies
	lobby *Lobby
	stays stays

	mu    sync.RWMutex
	seats map[K]S

	said sync.Map // *Said by provider
}

// Say lets a line about a provider into the log, unless the provider has caused too many. provider is the id of a known one.
func (e *Entrance[K, S]) Say(provider string, say func(log *slog.Logger)) {
	said, _ := e.said.LoadOrStore(provider, NewSaid())
	said.(*Said).Let(e.place.Log.With("provider", provider), say)
}

// Bar sets what tells whether a provider is barred. Call it before Serve, and Recheck when the answer changes.
func (e *Entrance[K, S]) Bar(barred func(provider string) bool) { e.Barred = barred }

// Alarm returns nil, or says that passwords are guessed.
func (e *Entrance[K, S]) Alarm(context.Context) error { return e.Guesses.Alarm() }

// LeftOut returns how many lines about strangers were left out of the log, and how many of their passwords were not looked at.
func (e *Entrance[K, S]) LeftOut() (lines, passwords int) {
	return e.Strangers.LeftOut(), e.Guesses.Unchecked()
}

// NewEntrance returns an entrance that does not admit any provider yet. Error: the certificate or the key is wrong.
func NewEntrance[K comparable, S any](p Place[K, S]) (*Entrance[K, S], error) {
	config, err := p.Config.tls(p.Prefix)
	if err != nil {
		return nil, err
	}
	proxy, err := p.Config.proxyTLS(p.Prefix)
	if err != nil {
		return nil, err
	}
	e := &Entrance[K, S]{
		place: p, tls: config, proxy: proxy, lobby: NewLobby(p.Config.MaxWaiting, p.Config.MaxWaitingEach, nil),
		Credentials: credential.NewChecker(p.Config.Checks), Strangers: NewStrangers(p.Log), Guesses: NewGuesses(p.Log), Barred: func(string) bool { return false },
	}
	e.revoked, err = revocation.Open(p.Config.ClientCRLFile, p.Config.ClientCRL, p.Config.ClientCA, e.Recheck, p.Log)
	return e, err
}

// Serve accepts connections until ctx ends. It returns when all are closed. It fails if it cannot listen.
func (e *Entrance[K, S]) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	d := Door{
		Listen: e.place.Listen, ListenTLS: e.place.Config.ListenTLS, TLS: e.tls, Log: e.place.Log,
		Lobby: e.lobby, From: e.place.Config.ProxyFrom.From, Handle: e.handle,
	}
	following, stop := context.WithCancel(ctx)
	var followed sync.WaitGroup
	followed.Go(func() { _ = e.revoked.Run(following) }) // it has no error
	defer followed.Wait()
	defer stop()
	return d.Serve(ctx, opened...)
}

// Revocations returns nil while the list of revoked certificates is up to date.
func (e *Entrance[K, S]) Revocations(ctx context.Context) error { return e.revoked.Check(ctx) }

// Admit makes the entrance admit the providers of these seats, by their present rules, and no others. Connections that these rules
// would refuse end. Those of a provider that is not among the seats end with its session.
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
	e.seats = known
	e.mu.Unlock()
	e.Recheck()
}

// Seat returns the seat with this name in a login.
func (e *Entrance[K, S]) Seat(name K) (s S, known bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s, known = e.seats[name]
	return s, known
}

// Waiting returns how many connections have no login yet, and how many were closed to make room since the start.
func (e *Entrance[K, S]) Waiting() (waiting, turnedAway int) { return e.lobby.Count() }

// handle finds the session of a connection and serves the connection until it ends.
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
	e.noteAdmitted(v, admitted)
	defer func() { _ = admitted.Close() }()
	if !stop() {
		return // too late: the lobby has closed it
	}
	guest.Leave()
	defer e.stays.add(admitted)()
	_ = e.recheck(admitted) // its rules may have changed during the login; End then ends Serve
	admitted.Serve(ctx)
}

// admit does everything before the session gets the connection.
func (e *Entrance[K, S]) admit(ctx context.Context, v *Visitor, config *tls.Config) (Admitted, error) {
	if err := e.meet(ctx, v, config); err != nil {
		return nil, err
	}
	return e.place.Protocol.Admit(ctx, *v)
}

// meet finds out who connects: from the proxy's header, or from our own TLS handshake.
func (e *Entrance[K, S]) meet(ctx context.Context, v *Visitor, config *tls.Config) error {
	caller, err := e.place.Config.ProxyFrom.Identify(v.Caller.Conn)
	if err != nil {
		return err
	}
	if caller.Proxied {
		if caller, err = caller.Prove(ctx, e.proxy); err != nil {
			return err
		}
	}
	v.Caller = caller // before an error returns: the log needs it
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
