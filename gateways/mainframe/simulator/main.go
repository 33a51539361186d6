// Command mainframe-simulator stands in for the bank's mainframe. It has the data of the demo bank, moves its rates, books each
// trade once, and makes each movement of money once. On command it is slow, wrong or away, and its day ends. It is not a part of
// the core.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/gateways/mainframe/simulator/internal/accounts"
	"fxcore/gateways/mainframe/simulator/internal/catalogue"
	"fxcore/gateways/mainframe/simulator/internal/control"
	"fxcore/gateways/mainframe/simulator/internal/day"
	"fxcore/gateways/mainframe/simulator/internal/fault"
	"fxcore/gateways/mainframe/simulator/internal/host"
	"fxcore/gateways/mainframe/simulator/internal/ledger"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
	"fxcore/lambda/trust"
)

type settings struct {
	config.Base
	Listen  string `env:"SIMULATOR_LISTEN" envDefault:"127.0.0.1:0"`  // for the gateway
	Control string `env:"SIMULATOR_CONTROL" envDefault:"127.0.0.1:0"` // for tests and operators; loopback only
	Folder  string `env:"SIMULATOR_FOLDER,required"`                  // where the books are kept
}

// Validate refuses a control address that other machines can reach.
func (s settings) Validate() error {
	name, _, err := net.SplitHostPort(s.Control)
	if err != nil {
		return fmt.Errorf("SIMULATOR_CONTROL: %w", err)
	}
	if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("SIMULATOR_CONTROL must be a loopback address")
	}
	return nil
}

// Who may come, by the names in their certificates: the gateway, and to the control a person who operates the demo.
const (
	gateway  = "mainframe"
	operator = "operator"
)

// exitDied is the exit code of a process that was told to die.
const exitDied = 3

func main() {
	run.Version()
	run.Healthy()
	app, err := simulator(config.MustLoad[settings]())
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "mainframe-simulator:", err)
		os.Exit(1)
	}
	os.Exit(app.Run())
}

func simulator(cfg settings) (*run.App, error) {
	app := run.New("mainframe-simulator", cfg.Base)
	parts, err := open(cfg, app)
	if err != nil {
		return nil, err
	}
	known, err := trust.Open(cfg.TLS)
	if err != nil {
		return nil, err
	}
	mainframe, err := host.New(cfg.Listen, known.Server(gateway), parts)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	orders, err := config.Listen(context.Background(), "tcp", cfg.Control)
	if err != nil {
		return nil, fmt.Errorf("listen for control: %w", err)
	}
	app.Log.Info("simulating a mainframe", "address", mainframe.Addr(), "control", orders.Addr().String(),
		"bookings", parts.Ledger.Count(), "movements", parts.Accounts.Count(), "bank_time", parts.Clock.Now())
	app.Health.Gauge("bookings", func() int64 { return int64(parts.Ledger.Count()) })
	app.Health.Gauge("movements", func() int64 { return int64(parts.Accounts.Count()) })
	app.Go("ledger", parts.Ledger.Run)
	app.Go("accounts", parts.Accounts.Run)
	app.Go("host", mainframe.Run)
	serve(app, tls.NewListener(orders, known.Server(gateway, operator)), control.New(control.Parts{
		Book: parts.Ledger, Accounts: parts.Accounts, Clock: parts.Clock, Faults: parts.Faults, Connections: mainframe.Connections,
	}).Handler())
	return app, nil
}

// open makes the demo bank and opens its books.
func open(cfg settings, app *run.App) (host.Parts, error) {
	p := host.Parts{Faults: new(fault.Faults), Die: func() { os.Exit(exitDied) }, Log: app.Log}
	var err error
	if p.Layouts, err = records.NewLayouts(); err != nil {
		return p, err
	}
	if p.Bank, err = demo.NewBank(demo.Seed); err != nil {
		return p, err
	}
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return p, err
	}
	if p.Clock, err = day.Open(cfg.Folder, time.Now, p.Bank.BusinessDay); err != nil {
		return p, err
	}
	if p.Ledger, err = ledger.Open(cfg.Folder, p.Clock.Now); err != nil {
		return p, err
	}
	if p.Accounts, err = accounts.Open(cfg.Folder, accountsOf(p.Bank), p.Clock); err != nil {
		return p, err
	}
	p.Catalogue, err = catalogue.New(p.Layouts, catalogue.Sources{
		Bank: p.Bank, Market: market, Balances: p.Accounts, Days: p.Clock,
	}, p.Clock.Now())
	return p, err
}

// accountsOf lists the clients' accounts and the bank's own, which may go below zero.
func accountsOf(bank demo.Bank) []accounts.Account {
	var all []accounts.Account
	for _, a := range bank.Accounts {
		all = append(all, accounts.Account{ID: a.ID, Currency: a.Currency, Client: a.Client, Balance: a.Balance})
	}
	for _, n := range bank.Nostros {
		for _, id := range []string{n.Account, n.Settlement} {
			all = append(all, accounts.Account{ID: id, Currency: n.Currency, Overdraft: true})
		}
	}
	return all
}

// serve runs the control until the program stops.
func serve(app *run.App, ln net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadTimeout: 5 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 1 << 16}
	app.Go("control", func(context.Context) error {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	app.Add("control", nil, server.Shutdown)
}
