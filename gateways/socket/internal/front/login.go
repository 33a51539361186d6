package front

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

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
	proof  door.Proof

	life context.Context //nolint:containedctx // ends when the rules do not admit the connection any more, with the reason as its cause
	end  context.CancelCauseFunc
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
	v.life, v.end = context.WithCancelCause(context.WithoutCancel(ctx))
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

// recognise finds the provider by its login. Whatever is wrong, the answer is the same.
func (v *visitor) recognise(ctx context.Context) error {
	seat, exists := v.front.Seat(v.login.Username)
	var account door.Account
	if exists {
		account = seat.Provider()
	}
	var err error
	v.proof, err = v.front.Prove(ctx, v.Visitor, v.login.Username, account, v.login.Username, v.login.Password)
	switch {
	case errors.Is(err, door.ErrRefused):
		return refusal{soup.NotAuthorised, fmt.Errorf("login refused, for user %s: %w", door.Printable(v.login.Username), err)}
	case err != nil:
		return err
	case v.fault != nil:
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
	from := v.Caller.Address.String()
	v.front.Say(v.Name(), func(log *slog.Logger) {
		log.Info("provider connected", "client.ip", from, "session", v.login.Session, "from", v.login.Next)
	})
	began := time.Now()
	ctx, end := context.WithCancelCause(ctx)
	defer context.AfterFunc(v.life, func() { end(context.Cause(v.life)) })() //nolint:contextcheck // it only says why
	why := session.Serve(ctx, v.Caller.Conn, v.reader, v.login)
	v.front.Say(v.Name(), func(log *slog.Logger) {
		log.Info("provider disconnected", "client.ip", from, "event.reason", why.Error(), "event.duration", time.Since(began))
	})
}

// Close does nothing to the connection: Serve ends it.
func (v *visitor) Close() error {
	v.end(nil)
	return nil
}

// Name is the provider's id.
func (v *visitor) Name() string { return v.seat.Name() }

// Keeps returns nil while the present rules would admit the connection.
func (v *visitor) Keeps() error { return v.proof.Holds(v.seat.Provider()) }

// End ends the connection. The provider is told why by a debug packet.
func (v *visitor) End(why door.Ended) { v.end(why) }
