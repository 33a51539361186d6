package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Serve accepts connections until ctx ends, and returns once all are closed. It fails if it cannot listen.
func (f *Front) Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error {
	plain, err := listen(ctx, f.cfg.Listen)
	if err != nil {
		return err
	}
	secure, err := listen(ctx, f.cfg.ListenTLS)
	if err != nil {
		return errors.Join(err, closeAll(plain))
	}
	for _, tell := range opened {
		tell(addressOf(plain), addressOf(secure))
	}
	defer context.AfterFunc(ctx, func() { _ = closeAll(plain, secure) })()
	var accepting sync.WaitGroup
	accepting.Go(func() { f.accept(ctx, plain, nil) })
	accepting.Go(func() { f.accept(ctx, secure, f.tls) })
	accepting.Wait()
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	if address == none {
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
func (f *Front) accept(ctx context.Context, l net.Listener, config *tls.Config) {
	if l == nil {
		return
	}
	f.log.Info("providers may connect", "server.address", l.Addr().String(), "tls", config != nil)
	var open sync.WaitGroup
	defer open.Wait()
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			open.Go(func() { f.handle(ctx, conn, config) })
		case errors.Is(err, net.ErrClosed):
			return
		default:
			f.log.Warn("connection not accepted", "error", err)
			sleep(ctx, acceptPause)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
