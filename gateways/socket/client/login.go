package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"fxcore/gateways/socket/internal/soup"
)

// login connects and logs in. before says that an earlier login to the session succeeded, see reasonError.
func (c *Client) login(ctx context.Context, before bool) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, c.settings.patience)
	defer cancel()
	conn, err := c.settings.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	l := &link{conn: conn, reader: soup.NewReader(conn, soup.Server, soup.MaxPayload)}
	err = c.enter(l, before)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("log in: %w", err)
	}
	return l, nil
}

func (c *Client) enter(l *link, before bool) error {
	if err := l.conn.SetDeadline(time.Now().Add(c.settings.patience)); err != nil {
		return err
	}
	request := soup.Login{Username: c.who.Username, Password: c.who.Password, Session: c.session, Next: c.next}
	packet, err := request.Append(nil)
	if err != nil {
		return err
	}
	if _, err := l.conn.Write(packet); err != nil {
		return err
	}
	p, err := l.reader.Next()
	for err == nil && p.Type == soup.TypeDebug {
		p, err = l.reader.Next()
	}
	if err != nil {
		return during(err)
	}
	return c.entered(p, before)
}

// entered reads the answer to the login.
func (c *Client) entered(p soup.Packet, before bool) error {
	switch p.Type {
	case soup.TypeLoginRejected:
		reason, err := soup.ParseReason(p.Payload)
		if err != nil {
			return err
		}
		return reasonError(reason, before)
	case soup.TypeLoginAccepted:
	default:
		return fmt.Errorf("%w: packet %q before the login's answer", errProtocol, p.Type)
	}
	a, err := soup.ParseAcceptance(p.Payload)
	switch {
	case err != nil:
		return err
	case c.session != "" && a.Session != c.session:
		return fmt.Errorf("%w: %q", ErrOtherSession, a.Session)
	case c.next != 0 && a.Next != c.next:
		return fmt.Errorf("%w: %d instead of %d", ErrOtherNumber, a.Next, c.next)
	}
	if c.session == "" {
		c.session = a.Session
	}
	c.next = a.Next
	return c.outbox.connected()
}

// during turns io.EOF into io.ErrUnexpectedEOF: the connection has ended, not the session. It returns other errors
// unchanged.
func during(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// reasonError returns the error for a refused login. If the session was available before, another instance is taking it over, and
// the client tries again.
func reasonError(r soup.Reason, before bool) error {
	switch {
	case r == soup.NotAuthorised:
		return ErrNotAuthorised
	case before:
		return errNoSessionAgain
	}
	return ErrNoSession
}
