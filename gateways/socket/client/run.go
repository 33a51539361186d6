package client

import (
	"context"
	"errors"
	"io"
)

// run serves one connection after another.
func (c *Client) run(ctx context.Context, l *link) {
	defer close(c.done)
	for {
		err := c.serve(ctx, l)
		if ctx.Err() != nil {
			c.err = ErrClosed
			return
		}
		if c.err = err; final(err) {
			if errors.Is(err, errEnd) {
				c.err = io.EOF
			}
			return
		}
		if l, err = c.again(ctx); err != nil {
			c.err = err
			return
		}
	}
}

// again connects and logs in. It tries until it succeeds or an error ends the client.
func (c *Client) again(ctx context.Context) (*link, error) {
	for {
		if !c.pause.take(ctx) {
			return nil, ErrClosed
		}
		l, err := c.login(ctx, true)
		if err == nil || final(err) {
			return l, err
		}
		if ctx.Err() != nil {
			return nil, ErrClosed
		}
	}
}

func final(err error) bool {
	for _, end := range []error{errEnd, ErrNotAuthorised, ErrNoSession, ErrOtherSession, ErrOtherNumber, ErrForgotten} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}
