package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/socket/internal/soup"
)

// visitor is a connection on its way to a session.
type visitor struct {
	guest  *door.Guest
	caller arrival.Caller
	reader *soup.Reader
	login  soup.Login
}

// refusal is a login that gets an answer: the same to all who are not authorised, whatever was wrong.
type refusal struct {
	reason soup.Reason
	why    error
}

func (r refusal) Error() string { return r.why.Error() }
func (r refusal) Unwrap() error { return r.why }

// handle brings a connection to its session, if it has one, and serves it until it ends.
func (f *Front) handle(ctx context.Context, raw net.Conn, guest *door.Guest, config *tls.Config) {
	defer raw.Close()
	v := &visitor{guest: guest, caller: arrival.Caller{Conn: raw}}
	defer v.guest.Leave()
	bounded, cancel := context.WithTimeout(ctx, f.cfg.LoginTimeout)
	defer cancel()
	stop := context.AfterFunc(bounded, func() { raw.Close() })
	defer stop()
	seat, err := f.admit(bounded, v, config)
	if err != nil {
		f.strangers.Note(v.caller.Address, err.Error())
		f.answer(v, err)
		return
	}
	if !stop() {
		return // too late: it is closed
	}
	v.guest.Leave()
	f.serve(ctx, v, seat)
}

// admit does all that comes before the login's answer.
func (f *Front) admit(ctx context.Context, v *visitor, config *tls.Config) (Seat, error) {
	if err := f.meet(ctx, v, config); err != nil {
		return nil, err
	}
	if err := v.readLogin(); err != nil {
		return nil, err
	}
	return f.recognise(ctx, v)
}

// meet finds out who comes: by what a proxy says, or by our own TLS.
func (f *Front) meet(ctx context.Context, v *visitor, config *tls.Config) error {
	caller, err := f.cfg.ProxyFrom.Identify(v.caller.Conn)
	if err != nil {
		return err
	}
	v.caller = caller
	v.guest.ComesFrom(caller.Address)
	if config == nil {
		return nil
	}
	secured, err := caller.Secure(ctx, config)
	if err == nil {
		v.caller = secured
	}
	return err
}

// readLogin reads the first packet; texts for a person may go before it. Anything else ends the connection without a word.
func (v *visitor) readLogin() error {
	v.reader = soup.NewReader(v.caller.Conn, soup.Client, soup.LoginLimit)
	p, err := v.reader.Next()
	for err == nil && p.Type == soup.TypeDebug {
		p, err = v.reader.Next()
	}
	if err != nil {
		return fmt.Errorf("no login: %w", err)
	}
	if p.Type != soup.TypeLoginRequest {
		return fmt.Errorf("first packet is no login but %q", p.Type)
	}
	if v.login, err = soup.ParseLogin(p.Payload); err != nil {
		return refusal{soup.NotAuthorised, fmt.Errorf("login cannot be read: %w", err)}
	}
	return nil
}

// errUnknown is the same whatever was wrong: it must not tell a stranger what was right.
var errUnknown = errors.New("login refused: unknown user, or wrong password, address or certificate")

// recognise finds the provider by its login. Address and certificate are looked at after the password, whose check takes as
// long for those who do not exist.
func (f *Front) recognise(ctx context.Context, v *visitor) (Seat, error) {
	seat, exists := f.seat(v.login.Username)
	var known *credential.Known
	if exists {
		known = seat.Provider().Known()
	}
	right, err := f.credentials.Check(ctx, v.guest, known, v.login.Username, v.login.Password)
	switch {
	case err != nil:
		return nil, err
	case !right:
		return nil, refusal{soup.NotAuthorised, fmt.Errorf("%w, for user %s", errUnknown, door.Printable(v.login.Username))}
	}
	if err := seat.Provider().Admits(v.caller.Address, v.caller.Certificate); err != nil {
		return nil, refusal{soup.NotAuthorised, err}
	}
	return seat, nil
}

// answer refuses a login in the protocol's own form.
func (f *Front) answer(v *visitor, err error) {
	var r refusal
	if !errors.As(err, &r) {
		return
	}
	f.refused(1)
	packet, _ := r.reason.Append(nil)
	_ = door.Write(v.caller.Conn, packet, f.cfg.WriteTimeout)
	door.Linger(v.caller.Conn)
}

// serve has the session serve the connection.
func (f *Front) serve(ctx context.Context, v *visitor, seat Seat) {
	session, err := seat.Session()
	if err != nil {
		f.strangers.Note(v.caller.Address, err.Error())
		f.answer(v, refusal{soup.SessionNotAvailable, err})
		return
	}
	log := f.log.With("provider", seat.Provider().ID, "client.ip", v.caller.Address.String())
	log.Info("provider connected", "session", v.login.Session, "from", v.login.Next)
	began := time.Now()
	why := session.Serve(ctx, v.caller.Conn, v.reader, v.login)
	log.Info("provider disconnected", "event.reason", why.Error(), "event.duration", time.Since(began))
}
