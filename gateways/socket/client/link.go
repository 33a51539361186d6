package client

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"fxcore/gateways/socket/internal/soup"
)

// link is one connection after its login.
type link struct {
	conn   net.Conn
	reader *soup.Reader
}

// serve reads and writes until the connection ends. It returns errEnd at the end of the session.
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

// deliver passes one message to Next. Only then it counts the message's number.
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

// write sends the queued requests, heartbeats in between, and a logout when the client is closed. It closes the connection.
func (c *Client) write(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	hurry := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now().Add(c.settings.silence)) })
	defer hurry() // Close must not wait for a server that no longer reads
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
			_, _ = conn.Write(logout) // if it fails, the end of the connection logs out
			return
		}
	}
}

// Packets without a payload.
var (
	heartbeat = []byte{0, 1, byte(soup.TypeClientHeartbeat)}
	logout    = []byte{0, 1, byte(soup.TypeLogout)}
)

// put writes b, if it is not empty, and restarts the timer for heartbeats.
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
