// Package door has the parts of a gateway that a connection meets before its session: listeners, bounds for connections without
// a login, the throttle of a provider, and the log of strangers.
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

// Door listens for the connections of a gateway.
type Door struct {
	Listen    string      // plain TCP; None for none
	ListenTLS string      // TLS
	TLS       *tls.Config // for ListenTLS

	Lobby *Lobby                         // every connection enters it, in the order of arrival
	From  func(conn net.Conn) netip.Addr // the address of a connection, if it is known without reading

	// Handle serves one connection until it ends. guest is its place in the lobby. secure is nil for plain TCP.
	Handle func(ctx context.Context, conn net.Conn, guest *Guest, secure *tls.Config)
	Log    *slog.Logger
}

// None is the value of an address setting that means: do not listen.
const None = "none"

// Serve accepts connections until ctx ends. It returns when all are closed. It fails if it cannot listen.
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

// keepAlive detects within 20 s that a provider's host or network is gone. Until then the old connection keeps the session, and
// the provider cannot log on again.
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

const acceptPause = 50 * time.Millisecond // after a failure, such as a lack of file descriptors

// accept accepts connections until the listener is closed, and waits until they have ended.
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

// Sleep waits for d, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
