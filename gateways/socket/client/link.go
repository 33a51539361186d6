package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"fxcore/gateways/socket/internal/soup"
)

// link is one connection that is logged in.
type link struct {
	conn   net.Conn
	reader *soup.Reader
}

// login connects and logs in. before tells that the session has been there: see reasonError.
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

// during marks the end of a connection, which is not the end of the session.
func during(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// serve reads and writes until the connection ends; errEnd is the end of the session.
func (c *Client) serve(ctx context.Context, l *link) error {
	ctx, cancel := context.WithCancel(ctx)
	var writer sync.WaitGroup
	writer.Go(func() { c.write(ctx, l.conn) })
	err := c.read(ctx, l)
	cancel()
	writer.Wait()
	return err
}

func (c *Client) read(ctx context.Context, l *link) error {
	for {
		if err := l.conn.SetReadDeadline(time.Now().Add(c.settings.patience)); err != nil {
			return err
		}
		p, err := l.reader.Next()
		if err != nil {
			return during(err)
		}
		switch p.Type {
		case soup.TypeSequenced:
			err = c.deliver(ctx, p.Payload)
		case soup.TypeEndOfSession:
			err = errEnd
		case soup.TypeServerHeartbeat, soup.TypeDebug:
		default:
			err = fmt.Errorf("%w: packet %q after the login", errProtocol, p.Type)
		}
		if err != nil {
			return err
		}
	}
}

// deliver hands on one message; its number is used up only then.
func (c *Client) deliver(ctx context.Context, payload []byte) error {
	told := c.outbox.told(payload)
	select {
	case c.messages <- Message{Number: c.next, Payload: bytes.Clone(payload)}:
	case <-ctx.Done():
		return ctx.Err()
	}
	c.next++
	if told == nil {
		c.pause.reset()
	}
	return told
}

// write sends what there is, heartbeats in between, and a logout when the client is closed. It closes the connection.
func (c *Client) write(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	silence := time.NewTimer(c.settings.silence)
	defer silence.Stop()
	for c.put(conn, c.outbox.take(), silence) {
		select {
		case <-c.outbox.wake:
		case <-silence.C:
			if !c.put(conn, heartbeat, silence) {
				return
			}
		case <-ctx.Done():
			c.put(conn, logout, silence)
			return
		}
	}
}

// The packets without a payload.
var (
	heartbeat = []byte{0, 1, byte(soup.TypeClientHeartbeat)}
	logout    = []byte{0, 1, byte(soup.TypeLogout)}
)

// put writes, if there is something, after which the silence begins anew.
func (c *Client) put(conn net.Conn, out []byte, silence *time.Timer) bool {
	if len(out) == 0 {
		return true
	}
	silence.Reset(c.settings.silence)
	if err := conn.SetWriteDeadline(time.Now().Add(c.settings.patience)); err != nil {
		return false
	}
	_, err := conn.Write(out)
	return err == nil
}
