// Package host is the simulated mainframe's side of the protocol. It listens, reads requests and answers them, with the faults that
// package fault orders.
package host

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/gateways/mainframe/simulator/internal/accounts"
	"fxcore/gateways/mainframe/simulator/internal/catalogue"
	"fxcore/gateways/mainframe/simulator/internal/day"
	"fxcore/gateways/mainframe/simulator/internal/fault"
	"fxcore/gateways/mainframe/simulator/internal/ledger"
)

// glance is how often the host checks whether it must go away or come back.
const glance = 50 * time.Millisecond

// maxConnections is how many connections a host accepts. More wait in the listener's queue.
const maxConnections = 64

// Host answers the protocol. It is put together by New and run once.
type Host struct {
	codec     wire.Codec
	layouts   *records.Layouts
	catalogue *catalogue.Catalogue
	rules     rules
	ledger    *ledger.Ledger
	accounts  *accounts.Book
	clock     *day.Clock
	faults    *fault.Faults
	die       func()
	log       *slog.Logger

	addr   string
	secure *tls.Config
	first  net.Listener // until Run takes it
	seats  chan struct{}

	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// Parts is what a host is made of.
type Parts struct {
	Bank      demo.Bank
	Layouts   *records.Layouts
	Catalogue *catalogue.Catalogue
	Ledger    *ledger.Ledger
	Accounts  *accounts.Book
	Clock     *day.Clock
	Faults    *fault.Faults
	Die       func() // ends the process at once, as a crash would
	Log       *slog.Logger
}

// New returns a host that listens on addr ("host:port"; port 0 is any free one), although it takes no connection before
// Run. Every connection is TLS, as secure says.
func New(addr string, secure *tls.Config, p Parts) (*Host, error) {
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	ln, err := listen(context.Background(), addr)
	if err != nil {
		return nil, err
	}
	return &Host{
		secure: secure, codec: codec, layouts: p.Layouts, catalogue: p.Catalogue, rules: newRules(p.Bank), ledger: p.Ledger,
		accounts: p.Accounts, clock: p.Clock, faults: p.Faults, die: p.Die, log: p.Log, addr: ln.Addr().String(), first: ln,
		seats: make(chan struct{}, maxConnections), conns: make(map[net.Conn]struct{}),
	}, nil
}

// Addr is where the host listens.
func (h *Host) Addr() string { return h.addr }

// Run serves until ctx ends, with pauses in which it refuses connections as it is told.
func (h *Host) Run(ctx context.Context) error {
	ln := h.first
	for {
		h.open(ctx, ln)
		if !h.back(ctx) {
			return nil
		}
		var err error
		if ln, err = listen(ctx, h.addr); err != nil {
			return err
		}
	}
}

// back waits until the host may take connections again; false if ctx has ended.
func (h *Host) back(ctx context.Context) bool {
	return h.wait(ctx, func(away string) bool { return away != fault.Refuse }) && ctx.Err() == nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the gateway: %w", err)
	}
	return ln, nil
}

// open serves until ctx ends or the host must refuse; then it closes everything.
func (h *Host) open(ctx context.Context, ln net.Listener) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() {
		defer cancel()
		h.wait(ctx, func(away string) bool { return away == fault.Refuse })
		_ = ln.Close()
	})
	all.Go(func() {
		defer cancel()
		h.accept(ctx, ln, &all)
	})
	<-ctx.Done()
	_ = ln.Close()
	h.closeAll()
	all.Wait()
}

// wait checks the faults until enough returns true. It returns false if ctx ends first.
func (h *Host) wait(ctx context.Context, enough func(away string) bool) bool {
	if enough(h.faults.Absence(time.Now())) {
		return true
	}
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
			if enough(h.faults.Absence(time.Now())) {
				return true
			}
		}
	}
}
