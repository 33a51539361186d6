package host

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"fxcore/gateways/mainframe/simulator/internal/fault"
)

func (h *Host) accept(ctx context.Context, ln net.Listener, all *sync.WaitGroup) {
	for {
		select {
		case <-ctx.Done():
			return
		case h.seats <- struct{}{}:
		}
		conn, err := ln.Accept()
		if err != nil {
			<-h.seats
			if !errors.Is(err, net.ErrClosed) {
				h.log.Error("host stops listening", "error", err)
			}
			return
		}
		all.Go(func() {
			defer func() { <-h.seats }()
			h.converse(ctx, tls.Server(conn, h.secure))
		})
	}
}

// converse serves one connection until it ends.
func (h *Host) converse(ctx context.Context, conn net.Conn) {
	h.mu.Lock()
	h.conns[conn] = struct{}{}
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.conns, conn)
		h.mu.Unlock()
		_ = conn.Close()
	}()
	if ctx.Err() != nil || h.faults.Absence(time.Now()) == fault.Close {
		return
	}
	if err := newDialogue(h, conn).run(ctx); err != nil && ctx.Err() == nil {
		h.log.Warn("host ended a connection", "remote", conn.RemoteAddr().String(), "error", err)
	}
}

func (h *Host) closeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for conn := range h.conns {
		_ = conn.Close()
	}
}

// Connections is the number of connections that are open.
func (h *Host) Connections() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}
