// Package door is what a gateway has before a provider's session: listeners, who may wait there and for how long, how fast a
// provider may be, and what is logged of strangers.
package door

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Door is where a gateway's providers connect.
type Door struct {
	Listen    string      // plain TCP; None for none
	ListenTLS string      // TLS
	TLS       *tls.Config // for ListenTLS

	Lobby *Lobby                         // whoever comes enters it, in the order of coming
	From  func(conn net.Conn) netip.Addr // whom a connection comes from, as far as is known at once

	// Handle serves one connection, a guest of the lobby, until it ends; secure is nil where it came in plain.
	Handle func(ctx context.Context, conn net.Conn, guest *Guest, secure *tls.Config)
	Log    *slog.Logger
}

// None is an address that is not listened on.
const None = "none"

// Serve accepts connections until ctx ends, and returns once all are closed. It fails if it cannot listen.
func (d *Door) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	plain, err := listen(ctx, d.Listen)
	if err != nil {
		return err
	}
	secure, err := listen(ctx, d.ListenTLS)
	if err != nil {
		return errors.Join(err, closeAll(plain))
	}
	for _, tell := range opened {
		tell(addressOf(plain), addressOf(secure))
	}
	defer context.AfterFunc(ctx, func() { _ = closeAll(plain, secure) })()
	var accepting sync.WaitGroup
	accepting.Go(func() { d.accept(ctx, plain, nil) })
	accepting.Go(func() { d.accept(ctx, secure, d.TLS) })
	accepting.Wait()
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	if address == None {
		return nil, nil
	}
	l, err := (&net.ListenConfig{KeepAliveConfig: keepAlive()}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for providers on %s: %w", address, err)
	}
	return l, nil
}

// keepAlive finds a provider whose host or network has gone within 20 s, so that it can log on again: until then its old
// connection has the session.
func keepAlive() net.KeepAliveConfig {
	return net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3}
}

func closeAll(listeners ...net.Listener) error {
	var errs []error
	for _, l := range listeners {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}

func addressOf(l net.Listener) net.Addr {
	if l == nil {
		return nil
	}
	return l.Addr()
}

const acceptPause = 50 * time.Millisecond // after a failure, such as no more file descriptors

// accept takes connections until the listener is closed, and waits for them to end.
func (d *Door) accept(ctx context.Context, l net.Listener, config *tls.Config) {
	if l == nil {
		return
	}
	d.Log.Info("providers may connect", "server.address", l.Addr().String(), "tls", config != nil)
	var open sync.WaitGroup
	defer open.Wait()
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			guest := d.Lobby.Enter(conn, d.From(conn))
			open.Go(func() { d.Handle(ctx, conn, guest, config) })
		case errors.Is(err, net.ErrClosed):
			return
		default:
			d.Log.Warn("connection not accepted", "error", err)
			Sleep(ctx, acceptPause)
		}
	}
}

// Sleep waits, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
