package front

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/socket/internal/soup"
)

// visitor is a connection before its login is complete.
type visitor struct {
	door.Visitor

	front  *Front
	reader *soup.Reader
	login  soup.Login
	fault  error // why the login cannot be read, although its username and password can
	seat   *Seat
}

// refusal refuses a login with an answer. All logins with wrong credentials get the same answer, whatever the fault. A session that
// is not available is told only to a provider whose credentials were right.
type refusal struct {
	reason soup.Reason
	why    error
}

func (r refusal) Error() string { return r.why.Error() }
func (r refusal) Unwrap() error { return r.why }

// logins is the front's door.Protocol.
type logins struct{ *Front }

// Admit reads the login and finds the seat of its provider.
func (l logins) Admit(ctx context.Context, who door.Visitor) (door.Admitted, error) {
	v := &visitor{Visitor: who, front: l.Front}
	if err := v.readLogin(); err != nil {
		return nil, err
	}
	return v, v.recognise(ctx)
}

// Refuse answers a login that was refused.
func (l logins) Refuse(v door.Visitor, why error) {
	l.Strangers.Note(v.Caller.Address, why.Error())
	l.answer(v, why)
}

// readLogin reads the login, which debug packets may precede. Any other packet ends the connection without an answer.
func (v *visitor) readLogin() error {
	v.reader = soup.NewReader(v.Caller.Conn, soup.Client, soup.LoginLimit)
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
	v.login, err = soup.ParseLogin(p.Payload)
	if errors.Is(err, soup.ErrSession) {
		v.fault = err
		return nil
	}
	if err != nil {
		return refusal{soup.NotAuthorised, fmt.Errorf("login cannot be read: %w", err)}
	}
	return nil
}

// errUnknown does not depend on the fault, so that a stranger does not learn which part was right.
var errUnknown = errors.New("login refused: unknown user, or wrong password, address or certificate")

// recognise finds the provider by its login. It checks address and certificate after the password. The check of the password
// takes the same time for an unknown user.
func (v *visitor) recognise(ctx context.Context) error {
	seat, exists := v.front.Seat(v.login.Username)
	var known *credential.Known
	if exists {
		known = seat.Provider().Known()
	}
	right, err := v.front.Credentials.Check(ctx, v.Guest, known, v.login.Username, v.login.Password)
	switch {
	case err != nil:
		return err
	case !right:
		return refusal{soup.NotAuthorised, fmt.Errorf("%w, for user %s", errUnknown, door.Printable(v.login.Username))}
	}
	if err := seat.Provider().Admits(v.Caller.Address, v.Caller.Certificate); err != nil {
		return refusal{soup.NotAuthorised, err}
	}
	if v.fault != nil {
		return refusal{soup.SessionNotAvailable, fmt.Errorf("login cannot be read: %w", v.fault)}
	}
	v.seat = seat
	return nil
}

// answer refuses a login in the protocol's own form.
func (f *Front) answer(v door.Visitor, err error) {
	var r refusal
	if !errors.As(err, &r) {
		return
	}
	f.refused(1)
	packet, _ := r.reason.Append(nil)
	_ = door.Write(v.Caller.Conn, packet, f.cfg.WriteTimeout)
	door.Linger(v.Caller.Conn)
}

// Serve passes the connection to the session and waits for its end.
func (v *visitor) Serve(ctx context.Context) {
	session, err := v.seat.Session()
	if err != nil {
		logins{v.front}.Refuse(v.Visitor, refusal{soup.SessionNotAvailable, err})
		return
	}
	log := v.front.log.With("provider", v.seat.Provider().ID, "client.ip", v.Caller.Address.String())
	log.Info("provider connected", "session", v.login.Session, "from", v.login.Next)
	began := time.Now()
	why := session.Serve(ctx, v.Caller.Conn, v.reader, v.login)
	log.Info("provider disconnected", "event.reason", why.Error(), "event.duration", time.Since(began))
}

// Close does nothing: Serve ends the connection.
func (v *visitor) Close() error { return nil }
