package link

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"fxcore/gateways/mainframe/internal/wire"
)

// maxCorrelation is the largest that a header holds.
const maxCorrelation = 999_999_999_999

// conversation is one connection. It serves one exchange at a time. After a failed exchange it must not be used.
type conversation struct {
	conn    net.Conn
	in      *bufio.Reader
	codec   wire.Codec
	timeout time.Duration
	next    int // correlation of the next request
}

func newConversation(conn net.Conn, codec wire.Codec, timeout time.Duration) *conversation {
	return &conversation{conn: conn, in: bufio.NewReaderSize(conn, 64<<10), codec: codec, timeout: timeout}
}

func (c *conversation) close() error {
	if err := c.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// exchange writes all requests and reads as many answers. It does both at the same time: a host that waits until its answers are
// read would otherwise not read the rest of the requests.
func (c *conversation) exchange(ctx context.Context, calls []*Call) error {
	requests, open, err := c.encode(calls)
	if err != nil {
		return err
	}
	hurry := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) }) // ends reads and writes now
	defer hurry()
	written := make(chan error, 1)
	go func() { written <- c.write(requests) }()
	err = c.read(ctx, open)
	if err != nil {
		_ = c.conn.Close() // ends the writer
	}
	return errors.Join(err, <-written)
}

// encode gives each call a correlation and returns all requests as bytes.
func (c *conversation) encode(calls []*Call) ([]byte, map[int]*Call, error) {
	var requests []byte
	open := make(map[int]*Call, len(calls))
	for _, call := range calls {
		var err error
		requests, err = c.codec.Append(requests, wire.Frame{
			Header: wire.Header{Kind: wire.Request, Function: call.Function, Correlation: c.next, Count: call.Count}, Body: call.Body,
		})
		if err != nil {
			return nil, nil, fmt.Errorf("ask %s: %w", call.Function, err)
		}
		open[c.next] = call
		c.next = (c.next + 1) % (maxCorrelation + 1)
	}
	return requests, open, nil
}

func (c *conversation) write(requests []byte) error {
	for len(requests) > 0 {
		if err := c.conn.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
			return err
		}
		part := requests[:min(len(requests), 64<<10)]
		n, err := c.conn.Write(part)
		if err != nil {
			return fmt.Errorf("ask: %w", err)
		}
		requests = requests[n:]
	}
	return nil
}

// read reads answers until every call has one. Each must arrive within the timeout after the one before it.
func (c *conversation) read(ctx context.Context, open map[int]*Call) error {
	for len(open) > 0 {
		if err := c.conn.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err() // the deadline just set has undone the hurry
		}
		answer, err := c.codec.Read(c.in)
		if err != nil {
			return fmt.Errorf("%d answers missing: %w", len(open), err)
		}
		call, asked := open[answer.Correlation]
		if !asked || answer.Kind != wire.Answer || answer.Function != call.Function {
			return fmt.Errorf("%w: %s to %s %d, which was not asked", wire.ErrGarbled, answer.Kind, answer.Function, answer.Correlation)
		}
		if err := call.Accept(answer); err != nil {
			return fmt.Errorf("answer to %s: %w", call.Function, err)
		}
		call.Done = true
		delete(open, answer.Correlation)
	}
	return nil
}
